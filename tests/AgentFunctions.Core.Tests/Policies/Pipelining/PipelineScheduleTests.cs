using AgentFunctions.Core.Policies.Pipelining;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Pipelining;

public sealed class PipelineScheduleTests
{
    /// <summary>A pipeline and the dice that say which running item ends next, and how.</summary>
    private static readonly Gen<(int Items, PipelineLimits[] Stages, bool Ordered, int Seed)> Pipelines =
        from items in Gen.Choose(0, 25)
        from count in Gen.Choose(1, 4)
        from stages in (from parallel in Gen.Choose(1, 5) from buffer in Gen.Choose(1, 6) select new PipelineLimits(parallel, buffer)).ArrayOf(count)
        from ordered in Gen.Elements(true, false)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select (items, stages, ordered, seed);

    [Fact]
    public void Begin_AnyPipeline_KeepsBoundsAndOrderAndEnds() =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Pipelines.ToArbitrary(), it => Live(it.Items, it.Stages, it.Ordered, it.Seed)));

    [Fact]
    public void Begin_OneStage_BeginsAsManyAsRunAtOnce() =>
        Assert.Equal([new(0, 0), new(1, 0)], new PipelineSchedule(3, [new(2, 1)], ordered: false).Begin());

    [Fact]
    public void Begin_NextBufferFull_BeginsNothing()
    {
        var schedule = new PipelineSchedule(5, [new(3, 1), new(1, 2)], ordered: false);
        Assert.Equal([new(0, 0), new(1, 0)], schedule.Begin());
        schedule.Ended(0, 0, goesOn: true);
        Assert.Equal([new(0, 1), new(2, 0)], schedule.Begin());
        schedule.Ended(1, 0, goesOn: true);
        schedule.Ended(2, 0, goesOn: true);

        // Two wait for the second stage, which is busy.
        Assert.Empty(schedule.Begin());
        schedule.Ended(0, 1, goesOn: true);
        Assert.Equal([new(1, 1), new(3, 0)], schedule.Begin());
    }

    [Fact]
    public void Begin_Ordered_AnEarlierItemIsWaitedForUnlessItFell()
    {
        var schedule = new PipelineSchedule(3, [new(3, 1), new(3, 3)], ordered: true);
        schedule.Begin();
        schedule.Ended(2, 0, goesOn: true);
        schedule.Ended(1, 0, goesOn: true);
        Assert.Empty(schedule.Begin());
        schedule.Ended(0, 0, goesOn: false);
        Assert.Equal([new(1, 1), new(2, 1)], schedule.Begin());
    }

    [Fact]
    public void Stop_RunningItems_AreAllThatIsLeft()
    {
        var schedule = new PipelineSchedule(5, [new(2, 1), new(1, 3)], ordered: false);
        schedule.Begin();
        schedule.Stop();
        schedule.Ended(0, 0, goesOn: true);
        Assert.Empty(schedule.Begin());
        Assert.False(schedule.IsOver);
        schedule.Ended(1, 0, goesOn: false);
        Assert.True(schedule.IsOver);
    }

    private static bool Live(int items, PipelineLimits[] stages, bool ordered, int seed)
    {
        var dice = new Random(seed);
        var schedule = new PipelineSchedule(items, stages, ordered);
        var running = new List<PipelineStart>();
        var begun = new HashSet<PipelineStart>();
        var latest = Enumerable.Repeat(-1, stages.Length).ToArray();
        var fell = 0;
        var through = 0;
        while (true)
        {
            foreach (var start in schedule.Begin())
            {
                if (!begun.Add(start) || (start.Stage > 0 && !begun.Contains(start with { Stage = start.Stage - 1 }))) return false;
                if (ordered && start.Item <= latest[start.Stage]) return false;
                latest[start.Stage] = start.Item;
                running.Add(start);
            }

            for (var stage = 0; stage < stages.Length; stage++)
            {
                var now = running.Count(start => start.Stage == stage);
                if (now != schedule.Running(stage) || now > stages[stage].MaxParallel) return false;
                if (stage > 0 && schedule.Waiting(stage) + running.Count(start => start.Stage == stage - 1) > stages[stage].Buffer) return false;
            }

            // Nothing begins by itself a second time.
            if (schedule.Begin().Count > 0) return false;
            if (running.Count == 0) return schedule.IsOver && through + fell == items;
            if (schedule.IsOver) return false;

            var at = dice.Next(running.Count);
            var ended = running[at];
            running.RemoveAt(at);
            var goesOn = dice.Next(5) > 0;
            if (!goesOn) fell++;
            else if (ended.Stage == stages.Length - 1) through++;
            schedule.Ended(ended.Item, ended.Stage, goesOn);
        }
    }
}
