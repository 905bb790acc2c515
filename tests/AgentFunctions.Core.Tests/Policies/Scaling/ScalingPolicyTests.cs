using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Tests.Policies.Scaling;

public sealed class ScalingPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly ScalingRules Rules = new();
    private static readonly ScalingSample TwoWorkers = new() { Workers = 2, Slots = 20, RunTime = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData(14, 2)]
    [InlineData(15, 3)]
    [InlineData(20, 3)]
    [InlineData(0, 2)]
    public void Decide_SlotsTaken_TracksTheTarget(int running, int wanted) =>
        Assert.Equal(wanted, Decide(Known(2), TwoWorkers with { Running = running }).Decision.Wanted);

    [Fact]
    public void Decide_AQueue_IsWorkedOffInTime()
    {
        // 20 run, and 600 of 1 s in 30 s are 20 slots more.
        var (_, decision) = Decide(Known(2), TwoWorkers with { Running = 20, Waiting = 600 });

        Assert.Equal(4, decision.Wanted);
        Assert.Equal("4 instances are needed, as 600 activities wait, 30 s of work, to be worked off within 30 s.", decision.Reason);
    }

    [Fact]
    public void Decide_ShortWork_NeedsNoInstanceForEachThatWaits() =>
        Assert.Equal(3, Decide(Known(2), TwoWorkers with { Running = 20, Waiting = 600, RunTime = TimeSpan.FromMilliseconds(10) }).Decision.Wanted);

    [Fact]
    public void Decide_RunTimeUnknown_CountsASlotForEachThatWaits() =>
        Assert.Equal(10, Decide(Known(2), TwoWorkers with { Running = 20, Waiting = 80, RunTime = TimeSpan.Zero }).Decision.Wanted);

    [Fact]
    public void Decide_LongWaits_AddOnlyWhereSlotsAreTaken()
    {
        var slow = TwoWorkers with { WaitP95 = TimeSpan.FromSeconds(8) };

        Assert.Equal(4, Decide(Known(2), slow with { Running = 12 }).Decision.Wanted);
        Assert.Equal(2, Decide(Known(2), slow with { Running = 9 }).Decision.Wanted);
    }

    [Fact]
    public void Decide_ManyFail_ChangesNothing()
    {
        var full = TwoWorkers with { Running = 20, Waiting = 1000, FailureShare = 0.3 };

        var (state, decision) = Decide(Known(2) with { LowSince = Start }, full);

        Assert.Equal((2, null), (decision.Wanted, state.LowSince));
        Assert.Equal("30 % of the activities fail: more instances would not mend that, and fewer would be missed after it. Nothing changes.", decision.Reason);
        Assert.Equal(6, Decide(Known(2), full with { FailureShare = 0.29 }).Decision.Wanted);
    }

    [Fact]
    public void Decide_TheProvidersQuotaIsShort_AddsNothingAndSaysSo()
    {
        var (_, decision) = Decide(Known(2), TwoWorkers with { Running = 20, LimitedShare = 0.5 });

        Assert.Equal((2, 3), (decision.Wanted, decision.Needed));
        Assert.Contains("50 % of the running activities wait for a provider's quota", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_First_TakesWhatThereIsAndNeedsNoSteps() =>
        Assert.Equal((2, 30), (Decide(new(), TwoWorkers).Decision.Wanted, Decide(new(), TwoWorkers with { Running = 20, Waiting = 100_000 }).Decision.Wanted));

    [Fact]
    public void Decide_JustAdded_WaitsForTheCooldown()
    {
        var full = TwoWorkers with { Running = 20, Waiting = 100_000 };
        var (state, first) = Decide(Known(2), full);
        var (_, soon) = ScalingPolicy.Decide(Rules, state, full, Start.AddSeconds(14));
        var (_, then) = ScalingPolicy.Decide(Rules, state, full, Start.AddSeconds(15));

        Assert.Equal((10, 10, 18), (first.Wanted, soon.Wanted, then.Wanted));
        Assert.Contains("some were added 14 s ago", soon.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_TheClockWasSetBack_CooldownsLastNoLongerThanTheyAre()
    {
        var (full, idle) = (TwoWorkers with { Running = 20, Waiting = 100_000 }, TwoWorkers);
        var state = Known(10) with { OutAt = Start.AddHours(1), InAt = Start.AddHours(1), LowSince = Start.AddHours(1), LowPeak = 1 };

        (var adding, var first) = Decide(state, full);
        Assert.Equal((10, 18), (first.Wanted, ScalingPolicy.Decide(Rules, adding, full, Start.AddSeconds(15)).Decision.Wanted));
        (var removing, first) = Decide(state, idle);
        Assert.Equal((10, 8), (first.Wanted, ScalingPolicy.Decide(Rules, removing, idle, Start.AddMinutes(5)).Decision.Wanted));
    }

    [Fact]
    public void Decide_InstancesAreOnTheirWayUp_AsksForNoMore()
    {
        // Six are wanted and two are there: what two can show does not multiply.
        var state = Known(6);
        for (var i = 0; i < 20; i++) (state, _) = ScalingPolicy.Decide(Rules, state, TwoWorkers with { Running = 20, WaitP95 = TimeSpan.FromMinutes(1) }, Start.AddSeconds(10 * i));

        Assert.Equal(6, state.Wanted);
    }

    [Fact]
    public void Decide_LessIsNeeded_RemovesSlowlyDownToThePeakOfTheWhile()
    {
        var rules = Rules with { StepIn = 2 };
        var state = Known(10);
        var wanted = new List<(int Second, int Wanted)>();
        for (var second = 0; second <= 900; second += 10)
        {
            // Every two minutes five are needed for a moment, else one.
            var sample = new ScalingSample { Workers = state.Wanted, Slots = state.Wanted * 10, Running = second % 120 == 0 ? 25 : 3, RunTime = TimeSpan.FromSeconds(1) };
            var before = state.Wanted;
            (state, var decision) = ScalingPolicy.Decide(rules, state, sample, Start.AddSeconds(second));
            if (decision.Wanted != before) wanted.Add((second, decision.Wanted));
        }

        Assert.Equal([(300, 8), (360, 6), (420, 5)], wanted);
    }

    [Fact]
    public void Decide_BetweenBothBorders_StaysForEver()
    {
        // 12 of 20: with one less 12 of 10, so two are right though 70 % are not reached.
        var state = Known(2);
        for (var minute = 0; minute < 600; minute++) (state, _) = ScalingPolicy.Decide(Rules, state, TwoWorkers with { Running = 12 }, Start.AddMinutes(minute));

        Assert.Equal((2, null), (state.Wanted, state.LowSince));
    }

    [Fact]
    public void Decide_StillWaiting_RemovesNothing()
    {
        var state = Known(10);
        for (var minute = 0; minute < 60; minute++) (state, _) = ScalingPolicy.Decide(Rules, state, TwoWorkers with { WaitP95 = TimeSpan.FromSeconds(2.6) }, Start.AddMinutes(minute));

        Assert.Equal(10, state.Wanted);
    }

    [Fact]
    public void Decide_BoundsWereChanged_AreKeptAtOnce()
    {
        Assert.Equal(5, Decide(Known(2), TwoWorkers, Rules with { MinInstances = 5 }).Decision.Wanted);
        Assert.Equal(3, Decide(Known(20), TwoWorkers with { Running = 20, FailureShare = 1 }, Rules with { MaxInstances = 3 }).Decision.Wanted);
    }

    [Fact]
    public void Decide_NobodyTellsItsSlots_ChangesNothing() => Assert.Equal(7, Decide(Known(7), new ScalingSample { Workers = 3 }).Decision.Wanted);

    [Fact]
    public void Decide_PastDaysNeededMoreSoon_AddsAhead()
    {
        var history = new DemandHistory();
        for (var at = Start.AddDays(-3); at < Start; at += TimeSpan.FromMinutes(1)) history = history.Observe(at.Hour == 10 ? 70 : 7, at, 1);
        var state = Known(1) with { History = history };
        var calm = new ScalingSample { Workers = 1, Slots = 10, Running = 5, RunTime = TimeSpan.FromSeconds(1) };

        // Days before a Monday: Friday is the last working day, and the weekend does not count for it.
        var (_, decision) = ScalingPolicy.Decide(Rules with { ForecastAhead = TimeSpan.FromHours(1.5) }, state, calm, Start);
        Assert.Equal((9, 10, 1), (decision.Wanted, decision.Forecast!.Value, decision.Needed));
        Assert.Contains("past days needed 10 instances within 5400 s", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(1, ScalingPolicy.Decide(Rules with { ForecastAhead = TimeSpan.Zero }, state, calm, Start).Decision.Wanted);
    }

    private static ScalingState Known(int wanted) => new() { Wanted = wanted };

    private static (ScalingState State, ScalingDecision Decision) Decide(ScalingState state, ScalingSample sample, ScalingRules? rules = null) => ScalingPolicy.Decide(rules ?? Rules, state, sample, Start);
}
