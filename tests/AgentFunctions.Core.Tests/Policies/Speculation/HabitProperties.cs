using System.Text.Json;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Speculation;

/// <summary>What holds of habits whatever an agent does.</summary>
public sealed class HabitProperties
{
    private static readonly JsonSerializerOptions json = new CatalogBuilder().AddEntities().Build().Json;

    [Fact]
    public void Learn_Anything_StaysWithinItsBounds() => ForAll(life =>
    {
        foreach (var habits in life.Habits())
        {
            Assert.InRange(habits.Situations.Count, 0, HabitLearning.MostSituations);
            Assert.InRange(habits.Situations.Sum(situation => situation.Calls.Count), 0, HabitLearning.MostCalls);
            Assert.Equal(habits.Situations.Count, habits.Situations.Select(situation => situation.Key).Distinct(StringComparer.Ordinal).Count());
            Assert.InRange(DurableJson.Write(habits, json).Length, 0, 32 * 1024);
            foreach (var situation in habits.Situations)
            {
                Assert.InRange(situation.Seen, 1, HabitLearning.MostSeen);
                Assert.InRange(situation.Calls.Count, 0, HabitLearning.MostCallsEach);
                Assert.All(situation.Calls, call => Assert.InRange(call.Hits, 1, situation.Seen));
                Assert.Equal(situation.Calls.Count, situation.Calls.Select(call => (call.Tool, call.Arguments)).Distinct().Count());
            }
        }
    });

    [Fact]
    public void Learn_OverTheWire_IsTheSame() => ForAll(life =>
    {
        var kept = ToolHabits.None;
        foreach (var turn in life.Turns)
        {
            var observation = DurableJson.Read<IReadOnlyList<TurnObservation>>(DurableJson.Write<IReadOnlyList<TurnObservation>>([turn.Observation], json), json)[0];
            kept = DurableJson.Read<ToolHabits>(DurableJson.Write(HabitLearning.Learn(kept, observation), json), json);
        }

        Assert.Equal(DurableJson.Write(life.Habits().Last(), json), DurableJson.Write(kept, json));
    });

    [Fact]
    public void Predict_Anything_IsSureEnoughAndHasBeenSeen() => ForAll(life =>
    {
        var tools = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (turn, habits) in life.Turns.Zip(life.Habits()))
        {
            var predicted = ToolPrediction.Predict(habits, turn.Situation, 0.6);
            Assert.All(predicted, call =>
            {
                Assert.InRange(call.Confidence, 0.6, 0.999);
                Assert.Equal(JsonValueKind.Object, call.Arguments.ValueKind);
                Assert.Contains(call.Tool, tools);
            });
            Assert.Equal(predicted.Count, predicted.Select(call => (call.Tool, CanonicalJson.Write(call.Arguments))).Distinct().Count());
            tools.UnionWith(turn.Calls.Select(call => call.Tool));
        }
    });

    [Fact]
    public void Explain_AnyCall_EveryTemplateGivesItBack() => ForAll(life =>
    {
        foreach (var turn in life.Turns)
        {
            foreach (var (_, arguments) in turn.Calls)
            {
                Assert.All(CallTemplates.Explain(turn.Situation, arguments), template => Assert.Equal(CanonicalJson.Write(arguments), CanonicalJson.Write(CallTemplates.Apply(turn.Situation, template)!.Value)));
            }
        }
    });

    private static void ForAll(Action<Life> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => property(new Life(seed))));

    private sealed record LifeTurn(TurnSituation Situation, IReadOnlyList<(string Tool, JsonElement Arguments)> Calls)
    {
        public TurnObservation Observation => HabitLearning.Observe(Situation, Calls);
    }

    /// <summary>An agent's turns, drawn from a seed: few tools and values, so that they meet again.</summary>
    private sealed class Life
    {
        private static readonly string[] Scalars = ["1", "2", "\"a\"", "\"b/~c\"", "\"é \\\"quoted\\\"\"", "true", "null", "1.50"];

        public Life(int seed)
        {
            var random = new Random(seed);
            var situation = TurnSituation.Start("a");
            var (tools, length) = (random.Next(1, 60), random.Next(1, 120));
            for (var i = 0; i < length; i++)
            {
                var calls = Enumerable.Range(0, random.Next(0, 4)).Select(_ => ($"tool-{random.Next(tools)}", JsonElement.Parse(Value(random, 0)))).ToList();
                Turns.Add(new LifeTurn(situation, calls));
                situation = random.Next(4) == 0 ? TurnSituation.Start("a") : TurnSituation.After([.. calls.Select(call => new ToolOutcome(call.Item1, CanonicalJson.Write(call.Item2), random.Next(5) > 0, JsonElement.Parse(Value(random, 0))))]);
            }
        }

        public List<LifeTurn> Turns { get; } = [];

        /// <summary>What is known before each turn, and after the last.</summary>
        public IEnumerable<ToolHabits> Habits()
        {
            var habits = ToolHabits.None;
            yield return habits;
            foreach (var turn in Turns) yield return habits = HabitLearning.Learn(habits, turn.Observation);
        }

        private static string Value(Random random, int depth) =>
            depth > 0 && random.Next(3) > 0 ? Scalars[random.Next(Scalars.Length)]
            : depth == 1 && random.Next(2) == 0 ? $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth + 1)))}]"
            : depth > 2 ? "0"
            : $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(i => $"\"p{i}\":{Value(random, depth + 1)}"))}}}";
    }
}
