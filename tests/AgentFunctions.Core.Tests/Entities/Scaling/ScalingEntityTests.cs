using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Scaling;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Scaling;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Entities.Scaling;

public sealed class ScalingEntityTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly IEntityDefinition entity = new ScalingEntity();
    private readonly JsonSerializerOptions json = DurableJson.CreateOptions(ScalingJsonContext.Default);
    private ReadOnlyMemory<byte> state;
    private DateTimeOffset now = Start;

    [Fact]
    public void Report_First_DecidesOnlyOnceTheOthersHadTime()
    {
        Assert.Equal(0, Report("a", 1));
        now = Start.AddSeconds(14);
        Assert.Equal(0, Report("b", 1));
        Assert.Null(ScalingReport.Of(State, now));
        now = Start.AddSeconds(15);
        Assert.Equal(3, Report("c", 1));
        Assert.Equal((3, 3, 30), (ScalingReport.Of(State, now)!.Wanted, State.Sample!.Workers, State.Sample.Slots));
    }

    [Fact]
    public void Report_OfTheOnlyWorkerThereCanBe_DecidesAtOnce() => Assert.Equal(1, Report("a", 1, alone: true));

    [Fact]
    public void Report_ThatComesAgainOrLate_ChangesNothing()
    {
        Gather("a");
        Report("a", 7, running: 3);
        var before = state;

        now += TimeSpan.FromSeconds(10);
        Assert.Equal(1, Report("a", 7, running: 9));
        Assert.Equal(1, Report("a", 6, running: 9));
        Assert.Equal(before.ToArray(), state.ToArray());
    }

    [Fact]
    public void Report_WorkersThatTellNothingMore_AreForgotten()
    {
        Gather("a", "b", "c");
        now += TimeSpan.FromSeconds(44);
        Report("a", 100);
        Assert.Equal(3, State.Sample!.Workers);
        now += TimeSpan.FromSeconds(2);
        Report("a", 101);
        Assert.Equal(1, State.Sample!.Workers);
        Assert.Equal(["a"], State.Workers.Keys);
    }

    [Fact]
    public void Report_OfOneThatLeaves_CountsItNoMoreAndNoLateOneBringsItBack()
    {
        Gather("a", "b");
        Report("b", 10, leaving: true);
        Report("b", 9);

        Assert.Equal((1, 1), (State.Workers.Count, State.Sample!.Workers));
        now += TimeSpan.FromSeconds(46);
        Report("a", 10);
        Assert.Empty(State.Left);
    }

    [Fact]
    public void Report_OfTheLastThatLeaves_KeepsWhatWasDecided()
    {
        Gather("a");
        Assert.Equal(1, Report("a", 10, leaving: true));
        Assert.Empty(State.Workers);
    }

    [Fact]
    public void Report_AfterALongSilence_GathersAnew()
    {
        Gather("a", "b", "c", "d");
        var wanted = State.Decision!.Wanted;
        now += TimeSpan.FromMinutes(10);

        Assert.Equal(0, Report("a", 50));
        Assert.Null(ScalingReport.Of(State, now));
        now += TimeSpan.FromSeconds(15);
        Assert.Equal(wanted, Report("a", 51));
        now += TimeSpan.FromSeconds(15);
        Assert.Equal(wanted, Report("a", 52));
    }

    [Fact]
    public void Report_TheClockWasSetBack_GathersAnewAndKeepsNoGhosts()
    {
        Gather("a", "dead");
        Report("gone", 1);
        Report("gone", 2, leaving: true);
        now -= TimeSpan.FromHours(1);

        Assert.Equal(0, Report("a", 50));
        Assert.Equal(["a"], State.Workers.Keys);
        Assert.Empty(State.Left);
        now += TimeSpan.FromSeconds(15);
        Assert.True(Report("a", 51) > 0);
        Assert.Equal(1, State.Sample!.Workers);
    }

    [Fact]
    public void Report_SeveralWorkers_AreAddedUpAndAveragedByWhatEnds()
    {
        Gather("a", "b");
        Report("a", 10, load: new LoadSample { Slots = 10, Running = 8, Waiting = new LaneCounts(1, 2, 3), EndedPerSecond = 9, FailureShare = 0.1, RunTimeMean = TimeSpan.FromSeconds(1), WaitTimeP95 = TimeSpan.FromSeconds(2) }, limited: 2);
        Report("b", 10, load: new LoadSample { Slots = 20, Running = 2, EndedPerSecond = 1, FailureShare = 0.6, RunTimeMean = TimeSpan.FromSeconds(11), WaitTimeP95 = TimeSpan.FromSeconds(1) });

        var sample = State.Sample!;
        Assert.Equal((2, 30, 10, 6), (sample.Workers, sample.Slots, sample.Running, sample.Waiting));
        Assert.Equal(0.15, sample.FailureShare, 4);
        Assert.Equal(2, sample.RunTime.TotalSeconds, 4);
        Assert.Equal((TimeSpan.FromSeconds(2), 0.2), (sample.WaitP95, sample.LimitedShare));
        Assert.Equal((16.0 / 30, 0.4), (sample.Utilisation, Math.Round(sample.QueueTime.TotalSeconds, 3)));
    }

    [Fact]
    public void Report_NothingEndsAnywhere_StillSaysHowMuchFails()
    {
        Gather("a");
        Report("a", 10, load: new LoadSample { Slots = 10, FailureShare = 0.5 });
        Assert.Equal(0.5, State.Sample!.FailureShare, 6);
    }

    [Fact]
    public void Report_OfLongAgo_IsNoNumberToActOn()
    {
        Gather("a");
        Assert.NotNull(ScalingReport.Of(State, now.AddSeconds(44)));
        Assert.Null(ScalingReport.Of(State, now.AddSeconds(45)));
        Assert.Null(ScalingReport.Of(null, now));
    }

    private ScalingEntityState State => (ScalingEntityState)entity.ReadState(state, json);

    private void Gather(params string[] workers)
    {
        for (var number = 1; number <= 3; number++)
        {
            if (number > 1) now += TimeSpan.FromSeconds(8);
            foreach (var worker in workers) Report(worker, number);
        }
    }

    private int Report(string worker, long number, int running = 0, bool leaving = false, bool alone = false, LoadSample? load = null, int limited = 0)
    {
        var report = new WorkerReport { Worker = worker, Number = number, Rules = new ScalingRules(), Load = load ?? new LoadSample { Slots = 10, Running = running }, Limited = limited, Leaving = leaving, Alone = alone };
        var outcome = entity.Apply("report", entity.ReadState(state, json), DurableJson.Parse(DurableJson.Write(report, json)), new EntityContext(EntityReferences.Scaling("app"), now), json);
        state = entity.WriteState(outcome.State, json);
        return DurableJson.Read<int>(outcome.Answer, json);
    }
}
