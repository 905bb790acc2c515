using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry;
using FsCheck;
using FsCheck.Fluent;
using static AgentFunctions.Core.Tests.Telemetry.Steps;

namespace AgentFunctions.Core.Tests.Telemetry;

/// <summary>What holds of every history that an engine can write: a step is asked for when its cause ends, never earlier.</summary>
public sealed class CriticalPathProperties
{
    private static readonly StepKind[] Kinds = Enum.GetValues<StepKind>();

    [Fact]
    public void Path_AnyHistory_IsContiguousInCausalityFromTheStartToTheLastEnd() => Holds(history =>
    {
        var timeline = TimelineBuilder.Build(history.Run, history.Steps);
        var byId = history.Steps.ToDictionary(s => s.Id);
        var path = timeline.CriticalPath.Steps.Select(id => byId[id]).ToList();
        var ended = history.Steps.Where(s => s.Status is StepStatus.Completed or StepStatus.Failed).ToList();
        if (path.Count == 0)
        {
            Assert.Empty(ended);
            return;
        }

        Assert.Null(path[0].CausedBy);
        Assert.Equal(ended.Max(s => s.EndedAt), path[^1].EndedAt);
        Assert.All(path.Skip(1).Zip(path), pair => Assert.Equal(pair.Second.Id, pair.First.CausedBy));
        Assert.Equal(timeline.CriticalPath.Steps.Order(), timeline.Branches.Where(b => b.OnCriticalPath).Select(b => b.Id).Order());
    });

    [Fact]
    public void Path_AnyHistory_PartsAddUpToTheLastEndAndNotAboveElapsed() => Holds(history =>
    {
        var timeline = TimelineBuilder.Build(history.Run, history.Steps);
        var path = timeline.CriticalPath;

        Assert.Equal(path.Total, path.Run + path.Wait + path.Pause + path.Between);
        Assert.True(path.Total <= timeline.Elapsed, $"{path.Total} > {timeline.Elapsed}");
        Assert.All([path.Run, path.Wait, path.Pause, path.Between], part => Assert.True(part >= TimeSpan.Zero));
        Assert.True(timeline.Sequential >= path.Run, $"{timeline.Sequential} < {path.Run}");
    });

    [Fact]
    public void Path_StepOffItMadeInstant_KeepsItsLength() => Holds(history =>
    {
        var before = TimelineBuilder.Build(history.Run, history.Steps).CriticalPath;
        var caused = history.Steps.Select(s => s.CausedBy).ToHashSet();
        var off = history.Steps.Where(s => !before.Steps.Contains(s.Id) && !caused.Contains(s.Id) && s.EndedAt is not null).Select(s => s.Id).ToHashSet();

        var after = TimelineBuilder.Build(history.Run, [.. history.Steps.Select(s => off.Contains(s.Id) ? s with { StartedAt = s.ScheduledAt, EndedAt = s.ScheduledAt } : s)]).CriticalPath;

        Assert.Equal(before.Total, after.Total);
    });

    private static void Holds(Action<History> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => property(History.From(seed))));

    private sealed record History(RunState Run, IReadOnlyList<HistoryStep> Steps)
    {
        public static History From(int seed)
        {
            var random = new System.Random(seed);
            var steps = new List<HistoryStep>();
            var count = random.Next(0, 40);
            for (var id = 0; id < count; id++)
            {
                var ended = steps.Where(s => s.Status is StepStatus.Completed or StepStatus.Failed).ToList();
                var cause = ended.Count > 0 && random.Next(4) > 0 ? ended[random.Next(ended.Count)] : null;
                var scheduled = cause is null ? random.Next(0, 20) : (cause.EndedAt!.Value - Start).TotalMilliseconds + random.Next(0, 3);
                var started = scheduled + random.Next(0, 50);
                var status = random.Next(10) switch { 0 => StepStatus.Cancelled, 1 => StepStatus.Running, 2 => StepStatus.Failed, _ => StepStatus.Completed };
                steps.Add(Step(id, scheduled, random.Next(5) == 0 ? null : started, status == StepStatus.Running ? null : started + random.Next(0, 200), cause?.Id, status, Kinds[random.Next(Kinds.Length)]));
            }

            var last = steps.Where(s => s.Status != StepStatus.Cancelled).Select(s => s.EndedAt ?? Start).Append(Start).Max();
            return new History(Telemetry.Steps.Run(RuntimeStatus.Completed, (last - Start).TotalMilliseconds + random.Next(0, 5)), steps);
        }
    }
}
