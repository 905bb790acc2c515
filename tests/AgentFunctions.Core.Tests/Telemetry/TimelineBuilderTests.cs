using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Telemetry;
using static AgentFunctions.Core.Tests.Telemetry.Steps;

namespace AgentFunctions.Core.Tests.Telemetry;

public sealed class TimelineBuilderTests
{
    [Fact]
    public void Build_NoSteps_IsEmptyAndAddsUp()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 40), []);

        Assert.Equal(Ms(40), timeline.Elapsed);
        Assert.Equal(At(40), timeline.End);
        Assert.Empty(timeline.Branches);
        Assert.Empty(timeline.CriticalPath.Steps);
        Assert.Equal(TimeSpan.Zero, timeline.CriticalPath.Total);
        Assert.Equal(0, timeline.Speedup);
        Assert.Equal(Cost.None, timeline.Cost);
    }

    [Fact]
    public void Build_NoTimePassed_HasNoSpeedup() => Assert.Null(TimelineBuilder.Build(Run(RuntimeStatus.Completed, 0), []).Speedup);

    [Fact]
    public void Build_FanOutThenReduce_PathIsSlowestBranchThenReduce()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 310),
        [
            Step(0, 10, 15, 100, cost: new(10, 1, 0.1m)),
            Step(1, 10, 20, 200, cost: new(20, 2, 0.2m, Estimated: true)),
            Step(2, 10, 30, 150),
            Step(3, 205, 208, 300, causedBy: 1),
        ]);

        Assert.Equal([1, 3], timeline.CriticalPath.Steps);
        Assert.Equal(Ms(300), timeline.CriticalPath.Total);
        Assert.Equal(Ms(10 + 5), timeline.CriticalPath.Between);
        Assert.Equal(Ms(10 + 3), timeline.CriticalPath.Wait);
        Assert.Equal(Ms(180 + 92), timeline.CriticalPath.Run);
        Assert.Equal(TimeSpan.Zero, timeline.CriticalPath.Pause);
        Assert.Equal([false, true, false, true], timeline.Branches.Select(b => b.OnCriticalPath));
        Assert.Equal(Ms(85 + 180 + 120 + 92), timeline.Sequential);
        Assert.Equal(477 / 310.0, timeline.Speedup!.Value, 9);
        Assert.Equal(new Cost(30, 3, 0.3m, Estimated: true), timeline.Cost);
    }

    [Fact]
    public void Build_RunningRun_MeasuresUntilNow()
    {
        HistoryStep[] steps = [Step(0, 0, 5, 50), Step(1, 50, 60, null, causedBy: 0), Step(2, 50, null, null, causedBy: 0)];

        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Running, 60), steps, At(100));

        Assert.Null(timeline.End);
        Assert.Equal(Ms(100), timeline.Elapsed);
        Assert.Equal([0], timeline.CriticalPath.Steps);
        Assert.Equal(Ms(40), timeline.Branches[1].Elapsed);
        Assert.Null(timeline.Branches[2].Wait);
        Assert.Equal(Ms(45), timeline.Sequential);
    }

    [Fact]
    public void Build_RunningRunWithoutNow_MeasuresUntilTheLastKnownInstant() =>
        Assert.Equal(Ms(70), TimelineBuilder.Build(Run(RuntimeStatus.Running, 60), [Step(0, 0, 70, null)]).Elapsed);

    [Fact]
    public void Build_RaceWithCancelledLoser_PathIsTheWinnerAndLoserIsNoWork()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 100),
        [
            Step(0, 0, 0, 90),
            Step(1, 0, 0, 90, status: StepStatus.Cancelled),
            Step(2, 0, 0, 95, status: StepStatus.Cancelled),
        ]);

        Assert.Equal([0], timeline.CriticalPath.Steps);
        Assert.Equal(Ms(90), timeline.Sequential);
    }

    [Fact]
    public void Build_StepWithoutStartedAt_CountsAllItsTimeAsRun()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 50), [Step(0, 10, null, 50)]);

        Assert.Null(timeline.Branches[0].Wait);
        Assert.Equal(Ms(40), timeline.Branches[0].Elapsed);
        Assert.Equal(Ms(40), timeline.CriticalPath.Run);
        Assert.Equal(TimeSpan.Zero, timeline.CriticalPath.Wait);
    }

    [Fact]
    public void Build_ExternalEventThatNothingCaused_PausesFromTheStart()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 1000),
        [
            Step(0, 0, 0, 100),
            Step(1, 900, null, 900, kind: StepKind.ExternalEvent),
            Step(2, 900, 910, 1000, causedBy: 1),
        ]);

        Assert.Equal([1, 2], timeline.CriticalPath.Steps);
        Assert.Equal(Ms(900), timeline.CriticalPath.Pause);
        Assert.Equal(Ms(10), timeline.CriticalPath.Wait);
        Assert.Equal(Ms(90), timeline.CriticalPath.Run);
    }

    [Fact]
    public void Build_TimerOnThePath_CountsAsPauseAndNotAsWork()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 500), [Step(0, 0, null, 500, kind: StepKind.Timer)]);

        Assert.Equal(Ms(500), timeline.CriticalPath.Pause);
        Assert.Equal(TimeSpan.Zero, timeline.Sequential);
    }

    [Fact]
    public void Build_StepEndedAfterTheRun_IsNotItsEnd() =>
        Assert.Equal([0], TimelineBuilder.Build(Run(RuntimeStatus.Terminated, 100), [Step(0, 0, 0, 90), Step(1, 0, 0, 400)]).CriticalPath.Steps);

    [Fact]
    public void Build_CauseMissingFromHistory_StopsThere() =>
        Assert.Equal([7], TimelineBuilder.Build(Run(RuntimeStatus.Completed, 100), [Step(7, 50, 50, 100, causedBy: 99)]).CriticalPath.Steps);

    [Fact]
    public void Build_CausesInACircle_Ends()
    {
        var path = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 100), [Step(0, 0, 0, 50, causedBy: 1), Step(1, 50, 50, 100, causedBy: 0)]).CriticalPath;

        Assert.Equal([0, 1], path.Steps);
        Assert.Equal(Ms(100), path.Total);
    }

    [Fact]
    public void Build_ClocksDisagree_PartsStillAddUpAndNothingIsNegative()
    {
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 100), [Step(0, -20, -30, 60), Step(1, 40, 30, 90, causedBy: 0)]);
        var path = timeline.CriticalPath;

        Assert.Equal(path.Total, path.Run + path.Wait + path.Pause + path.Between);
        Assert.Equal(Ms(90), path.Total);
        Assert.All(timeline.Branches, b => Assert.True(b.Offset >= TimeSpan.Zero && b.Wait >= TimeSpan.Zero && b.Elapsed >= TimeSpan.Zero));
    }

    [Fact]
    public void Build_ChainOfFiftyThousand_IsWalkedWithoutRecursion()
    {
        var steps = Enumerable.Range(0, 50_000).Select(i => Step(i, i, i, i + 1, i == 0 ? null : i - 1)).ToList();

        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Completed, 50_000), steps);

        Assert.Equal(Enumerable.Range(0, 50_000), timeline.CriticalPath.Steps);
        Assert.Equal(1, timeline.Speedup!.Value, 9);
    }

    [Fact]
    public void Resolver_Timeline_CrossesJsonUnchanged()
    {
        var options = DurableJson.CreateOptions(TelemetryJson.Resolver);
        var timeline = TimelineBuilder.Build(Run(RuntimeStatus.Failed, 100), [Step(0, 0, 10, 100, status: StepStatus.Failed, cost: new(1, 2, 0.5m)) with { Failure = new FailureDetails { Type = "TimeoutException", Message = "late" } }]);

        var json = DurableJson.ToElement(timeline, options);
        var back = DurableJson.Read<Timeline>(json, options);

        Assert.Equal("00:00:00.100", json.GetProperty("elapsed").GetString());
        Assert.Equal("Failed", json.GetProperty("branches")[0].GetProperty("status").GetString());
        Assert.True(json.GetProperty("branches")[0].GetProperty("onCriticalPath").GetBoolean());
        Assert.Equal([0], back.CriticalPath.Steps);
        Assert.Equal(timeline.Branches[0], back.Branches[0]);
    }
}
