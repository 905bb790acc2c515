using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Policies.Shedding;

namespace AgentFunctions.Core.Tests.Policies.Shedding;

public sealed class SheddingPolicyTests
{
    private static readonly SheddingRules Rules = new()
    {
        Interactive = new(32, Seconds(120), Seconds(10)),
        Workflow = new(16, Seconds(60), Seconds(6)),
        Background = new(8, Seconds(30), Seconds(4)),
        ResumeAt = 0.5,
        MostStarting = 8,
        RetrySpread = Seconds(4),
        LongestRetry = Seconds(120),
    };

    [Theory]
    [InlineData(RunPriority.Background, 79, ShedReason.None)]
    [InlineData(RunPriority.Background, 80, ShedReason.Queue)]
    [InlineData(RunPriority.Workflow, 159, ShedReason.None)]
    [InlineData(RunPriority.Workflow, 160, ShedReason.Queue)]
    [InlineData(RunPriority.Interactive, 319, ShedReason.None)]
    [InlineData(RunPriority.Interactive, 320, ShedReason.Queue)]
    public void Decide_Queue_IsBoundedInMultiplesOfPlaces(RunPriority lane, int interactiveWaiting, ShedReason expected)
    {
        var (verdict, _) = Decide(lane, new LoadSample { Slots = 10, Running = 10, Waiting = new(interactiveWaiting, 0, 0) });
        Assert.Equal((expected, interactiveWaiting), (verdict.Reason, verdict.Ahead));
    }

    [Fact]
    public void Decide_WhatIsBelowALane_IsNotAheadOfIt()
    {
        var load = new LoadSample { Slots = 10, Running = 10, Waiting = new(0, 0, 10_000), EndedPerSecond = 1 };
        Assert.Equal(ShedReason.Wait, Decide(RunPriority.Background, load).Verdict.Reason);
        Assert.Equal((true, 0, TimeSpan.Zero), Decide(RunPriority.Workflow, load).Verdict is var verdict ? (verdict.IsAdmitted, verdict.Ahead, verdict.Wait) : default);
    }

    [Fact]
    public void Decide_Wait_IsThoseWhoFindNoPlaceByHowFastPlacesComeFree()
    {
        // 70 wait, 10 places are free: 60 at 2 a second.
        var load = new LoadSample { Slots = 20, Running = 10, Waiting = new(0, 70, 0), EndedPerSecond = 2 };
        var (verdict, _) = Decide(RunPriority.Background, load);
        Assert.Equal((ShedReason.Wait, Seconds(30)), (verdict.Reason, verdict.Wait));
        Assert.True(Decide(RunPriority.Background, load with { Running = 9 }).Verdict.IsAdmitted);
    }

    [Fact]
    public void Decide_AfterALull_TheRateIsWhatTheRunTimesSay()
    {
        var load = new LoadSample { Slots = 20, Running = 20, Waiting = new(0, 100, 0), EndedPerSecond = 1e-9, RunTimeP95 = Seconds(2) };
        Assert.Equal(Seconds(10), Decide(RunPriority.Workflow, load).Verdict.Wait);
    }

    [Fact]
    public void Decide_RateNotKnown_QueuesAloneCount()
    {
        var load = new LoadSample { Slots = 20, Running = 20, Waiting = new(0, 100, 0) };
        Assert.Equal((true, TimeSpan.Zero), Decide(RunPriority.Background, load).Verdict is var verdict ? (verdict.IsAdmitted, verdict.Wait) : default);
    }

    [Theory]
    [InlineData(RunPriority.Background, 4)]
    [InlineData(RunPriority.Workflow, 6)]
    [InlineData(RunPriority.Interactive, 10)]
    public void Decide_ModelWait_IsBoundedByLane(RunPriority lane, int bound)
    {
        Assert.Equal(ShedReason.ModelWait, Decide(lane, Waits(bound)).Verdict.Reason);
        Assert.True(Decide(lane, Waits(bound - 0.001)).Verdict.IsAdmitted);

        static IngressLoad Waits(double seconds) => new() { ModelWaits = new(Seconds(seconds), TimeSpan.Zero, TimeSpan.Zero) };
    }

    [Theory]
    [InlineData(RunPriority.Background, 3, true)]
    [InlineData(RunPriority.Background, 4, false)]
    [InlineData(RunPriority.Workflow, 5, true)]
    [InlineData(RunPriority.Workflow, 6, false)]
    [InlineData(RunPriority.Interactive, 7, true)]
    [InlineData(RunPriority.Interactive, 8, false)]
    public void Decide_StartsUnderWay_LeaveRoomForWhatIsKeptLonger(RunPriority lane, int starting, bool admitted)
    {
        var (verdict, state) = Decide(lane, new IngressLoad { Starting = new(0, 0, starting) });
        Assert.Equal((admitted ? ShedReason.None : ShedReason.Starting, default), (verdict.Reason, state));
    }

    [Fact]
    public void Decide_OnceShed_IsTakenAgainOnlyWellBelowTheBound()
    {
        SheddingState state = default;
        List<bool> admitted = [];
        foreach (var waiting in (int[])[79, 80, 79, 40, 39, 79])
        {
            (var verdict, state) = SheddingPolicy.Decide(Rules, state, Load(new LoadSample { Slots = 10, Running = 10, Waiting = new(0, 0, waiting) }), new(RunPriority.Background, null, TimeSpan.Zero), 0);
            admitted.Add(verdict.IsAdmitted);
        }

        Assert.Equal([true, false, false, false, true, true], admitted);
    }

    [Fact]
    public void Decide_AnotherLaneAsks_EveryLaneIsReckonedAnew()
    {
        var full = Load(new LoadSample { Slots = 10, Running = 10, Waiting = new(0, 200, 0) });
        var (verdict, state) = SheddingPolicy.Decide(Rules, default, full, new(RunPriority.Interactive, null, TimeSpan.Zero), 0);
        Assert.Equal((true, new SheddingState(false, true, true)), (verdict.IsAdmitted, state));
    }

    [Theory]
    [InlineData(20.001, true)]
    [InlineData(20, true)]
    [InlineData(19.999, false)]
    public void Decide_Deadline_IsComparedWithWaitsAndRunTime(double deadline, bool admitted)
    {
        // 10 s for a place, 3 s for a model, 7 s of work.
        var load = Load(new LoadSample { Slots = 20, Running = 20, Waiting = new(0, 100, 0), EndedPerSecond = 10 }) with { ModelWaits = new(Seconds(3), Seconds(3), Seconds(3)) };
        var (verdict, state) = SheddingPolicy.Decide(Rules, default, load, new(RunPriority.Workflow, Seconds(deadline), Seconds(7)), 0);
        Assert.Equal((admitted ? ShedReason.None : ShedReason.Deadline, default), (verdict.Reason, state));
    }

    [Theory]
    [InlineData(0, -0.001, ShedReason.Deadline, true)]
    [InlineData(0, 0.0, ShedReason.None, false)]
    [InlineData(160, 15.9, ShedReason.Queue, true)]
    [InlineData(160, 16.0, ShedReason.Queue, false)]
    [InlineData(10, null, ShedReason.None, false)]
    public void Decide_TooLate_IsSaidWhateverElseItIsRefusedFor(int waiting, double? deadline, ShedReason reason, bool isTooLate)
    {
        // Ten end a second.
        var load = Load(new LoadSample { Slots = 10, Running = 10, Waiting = new(0, waiting, 0), EndedPerSecond = 10 });
        var (verdict, _) = SheddingPolicy.Decide(Rules, default, load, new(RunPriority.Workflow, deadline is { } seconds ? Seconds(seconds) : null, TimeSpan.Zero), 0);
        Assert.Equal((reason, isTooLate), (verdict.Reason, verdict.IsTooLate));
    }

    [Fact]
    public void Decide_Queue_ComeBackWhenItIsShortEnough()
    {
        // 100 ahead, taken again at 40, 5 a second: 12 s, and spread over as long.
        var load = new LoadSample { Slots = 10, Running = 10, Waiting = new(0, 0, 100), EndedPerSecond = 5 };
        Assert.Equal(Seconds(12), Decide(RunPriority.Background, load).Verdict.RetryAfter);
        Assert.Equal(Seconds(18), Decide(RunPriority.Background, load, 0.5).Verdict.RetryAfter);
    }

    [Fact]
    public void Decide_HowSoonIsNotKnown_IsSpreadOverSomeSeconds()
    {
        var load = new LoadSample { Slots = 10, Running = 10, Waiting = new(0, 0, 100) };
        Assert.Equal([Seconds(1), Seconds(3)], new[] { 0, 0.5 }.Select(fraction => Decide(RunPriority.Background, load, fraction).Verdict.RetryAfter));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Decide_FractionOutOfRange_IsRefused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Decide(RunPriority.Workflow, new LoadSample(), fraction));

    private static (ShedVerdict Verdict, SheddingState State) Decide(RunPriority lane, LoadSample sample, double fraction = 0) => Decide(lane, Load(sample), fraction);

    private static (ShedVerdict Verdict, SheddingState State) Decide(RunPriority lane, IngressLoad load, double fraction = 0) =>
        SheddingPolicy.Decide(Rules, default, load, new(lane, null, TimeSpan.Zero), fraction);

    private static IngressLoad Load(LoadSample sample) => new() { Sample = sample };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
