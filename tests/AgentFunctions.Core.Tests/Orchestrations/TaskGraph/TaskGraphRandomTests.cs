using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.TaskGraph;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using FsCheck;
using FsCheck.Fluent;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.TaskGraph;

/// <summary>Random graphs under random latencies: what must hold whatever is done first.</summary>
public sealed class TaskGraphRandomTests
{
    private static readonly string[] shared = ["all", "some", "sum", "first"];

    [Fact]
    public void RunAsync_AnyGraph_RunsEachNodeOnceAfterThoseBeforeItAndMergesAlike() =>
        Prop.ForAll(Graphs, graph =>
        {
            var (one, other) = (new Trial(graph, graph.Delays), new Trial(graph, graph.OtherDelays));
            Assert.Equal(one.State, other.State);
            Assert.Equal(one.Saw, other.Saw);
            foreach (var trial in (Trial[])[one, other])
            {
                Assert.Equal(graph.Nodes, trial.Started.Count);
                foreach (var (from, to) in graph.Edges) Assert.True(trial.Ended[from] <= trial.Started[to], $"{to} started before {from} had ended");
                Assert.True(trial.MostRunning <= graph.MaxParallel);
            }
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<RandomGraph> Graphs =>
        (from nodes in Gen.Choose(1, 20)
         from pairs in Gen.Choose(0, (nodes * nodes) - 1).ListOf()
         from order in Gen.Shuffle(Enumerable.Range(0, nodes))
         from delays in Gen.Choose(0, 50).ArrayOf(nodes)
         from others in Gen.Choose(0, 50).ArrayOf(nodes)
         from outputs in Gen.Choose(0, 4).ArrayOf(nodes)
         from maxParallel in Gen.Choose(1, 8)
         select new RandomGraph(nodes, EdgesOf(pairs, order.ToArray(), nodes), delays, others, outputs, maxParallel)).ToArbitrary();

    // From lower to higher in a shuffled order: never a cycle, and the input's order says nothing about who depends on whom.
    private static HashSet<(int From, int To)> EdgesOf(IEnumerable<int> pairs, int[] order, int nodes) =>
        [.. pairs.Select(pair => (From: pair / nodes, To: pair % nodes)).Where(pair => pair.From < pair.To).Select(pair => (order[pair.From], order[pair.To]))];

    private sealed record RandomGraph(int Nodes, HashSet<(int From, int To)> Edges, int[] Delays, int[] OtherDelays, int[] Outputs, int MaxParallel);

    private sealed class Trial
    {
        public Trial(RandomGraph graph, int[] delays)
        {
            var world = new ScriptedWorld();
            world.Activity(ActivityReferences.CallTool, call =>
            {
                var node = int.Parse(call.Input.Tool, System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal(1, call.Attempt);
                Started.Add(node, world.Now);
                Ended[node] = world.Now.AddMilliseconds(delays[node]);
                Saw[node] = call.Input.Arguments!.Value.GetRawText();
                return After(delays[node], new ToolReply { Value = JsonElement.Parse($"{node + 1}") });
            });
            var run = world.Run(OrchestratorReferences.TaskGraph, Input(graph)).Ended();
            Assert.True(run.Complete);
            (State, MostRunning) = (run.State.GetRawText(), world.MostRunning["CallTool"]);
        }

        public Dictionary<int, DateTimeOffset> Started { get; } = [];

        public Dictionary<int, DateTimeOffset> Ended { get; } = [];

        public SortedDictionary<int, string> Saw { get; } = [];

        public string State { get; }

        public int MostRunning { get; }

        private static TaskGraphInput Input(RandomGraph graph)
        {
            var sees = JsonElement.Parse($"{{{string.Join(',', shared.Select(key => $$"""
                "{{key}}":{"$value":"{{key}}","default":null}
                """))}}}");
            var nodes = Enumerable.Range(0, graph.Nodes).Select(i => new TaskGraphNode { Key = $"n{i}", Output = graph.Outputs[i] < 4 ? shared[graph.Outputs[i]] : null, Tool = new() { Name = $"{i}", Arguments = sees } }).ToList();
            var rules = new Dictionary<string, MergeRule> { ["all"] = MergeRule.Append, ["some"] = MergeRule.Replace, ["sum"] = MergeRule.Sum, ["first"] = MergeRule.First };
            return new()
            {
                Nodes = nodes,
                Edges = [.. graph.Edges.Select(edge => new TaskGraphEdge { From = $"n{edge.From}", To = $"n{edge.To}" })],
                Merge = rules,
                MaxParallel = graph.MaxParallel,
            };
        }
    }
}
