using AgentFunctions.Core.Policies.Balancing;
using FsCheck;
using FsCheck.Fluent;
using static AgentFunctions.Core.Tests.Policies.Balancing.States;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

public sealed class DeploymentHealthTests
{
    private const double Slow = 500;

    [Fact]
    public void Answered_InTime_IsMeasuredAndEndsTheSilence()
    {
        var (started, call) = DeploymentHealth.Started(Known(100), Now);
        Assert.Equal((1, 1), (started.InFlight, started.Unanswered));
        var answered = DeploymentHealth.Landed(Answered(started, call, 0.2));
        Assert.Equal((0, 0, 200), (answered.InFlight, answered.Unanswered, answered.Peak));
        Assert.InRange(answered.Mean!.Value, 100.1, 199.9);
    }

    [Fact]
    public void Answered_OfTwoTheLater_TheEarlierIsOnlyALongOne()
    {
        var (one, _) = DeploymentHealth.Started(Known(100), Now);
        var (two, second) = DeploymentHealth.Started(one, At(1));
        Assert.Equal(3000, two.SilenceAt(At(3)));
        Assert.Equal(0, Answered(two, second, 3.1).SilenceAt(At(60)));
    }

    [Fact]
    public void Failed_Once_IsLeftThenTriedByOneCallAndComesBack()
    {
        var (state, call) = DeploymentHealth.Started(Shaky, Now);
        state = DeploymentHealth.Landed(Failed(state, call, 0.1));
        Assert.Equal((Standing.Left, LeftFor.Failure, 1), (state.StandingAt(At(0.1)), state.Reason, state.Leaves));
        Assert.Equal(TimeSpan.FromSeconds(0.75), state.LeftUntil - At(0.1));

        Assert.Equal(Standing.Due, state.StandingAt(At(0.85)));
        (state, var attempt) = DeploymentHealth.Started(state, At(0.85));
        Assert.Equal((true, Standing.Left), (attempt.IsTry, state.StandingAt(At(60))));
        (_, var other) = DeploymentHealth.Started(state, At(0.9));
        Assert.False(other.IsTry);

        state = Answered(state, attempt, 1.1);
        Assert.Equal((Standing.Open, 250), (state.StandingAt(At(1.1)), state.Mean));
        Assert.Equal((DeploymentState.LeastWeight, 1), (state.WeightAt(At(1.1)), state.WeightAt(At(2.2))));
        Assert.InRange(state.WeightAt(At(1.6)), 0.4, 0.6);
    }

    [Fact]
    public void Failed_OnceAfterMuchThatWentWell_IsPassedOverForAMomentAndThenJustBack()
    {
        var (state, call) = DeploymentHealth.Started(Known(100), Now);
        var (two, second) = DeploymentHealth.Started(state, Now);
        state = Failed(two, call, 0.1);
        Assert.Equal((Standing.Left, Standing.Open, 0, 1), (state.StandingAt(At(0.59)), state.StandingAt(At(0.6)), state.Leaves, state.WeightAt(At(0.6))));
        // With the second in a row it is left.
        Assert.Equal((1, At(0.95)), (Failed(state, second, 0.2).Leaves, Failed(state, second, 0.2).LeftUntil));
        Assert.Equal(0, Failed(Answered(state, second, 0.2), second, 0.3).Leaves);
    }

    [Fact]
    public void Failed_FurtherTries_AreLeftForLongerAndForgottenOnceItIsBack()
    {
        var state = Shaky;
        var now = 0.0;
        List<double> quiets = [];
        for (var i = 0; i < 9; i++)
        {
            (state, var call) = DeploymentHealth.Started(state, At(now));
            state = DeploymentHealth.Landed(Failed(state, call, now));
            quiets.Add((state.LeftUntil - At(now)).TotalSeconds);
            now = (state.LeftUntil - Now).TotalSeconds;
        }

        Assert.Equal([0.75, 1, 1.5, 2.5, 4.5, 8.5, 16.5, 30.5, 30.5], quiets);
        (state, var good) = DeploymentHealth.Started(state, At(now));
        state = Answered(state, good, now + 0.1);
        Assert.Equal((9, Rules.SlowStart), (state.Leaves, state.BackAt - state.BackFrom));
        (state, var early) = DeploymentHealth.Started(state, At(now + 5));
        Assert.Equal(9, Answered(state, early, now + 5.1).Leaves);
        (state, var late) = DeploymentHealth.Started(state, At(now + 11));
        Assert.Equal(0, Answered(state, late, now + 11.1).Leaves);
    }

    [Fact]
    public void Failed_CallsThatWereOutTogether_AreOneLeave()
    {
        var (one, first) = DeploymentHealth.Started(Shaky, Now);
        var (two, second) = DeploymentHealth.Started(one, Now);
        var left = Failed(two, first, 0.1);
        var after = Failed(left, second, 0.2);
        Assert.Equal((1, left.LeftUntil), (after.Leaves, after.LeftUntil));
    }

    [Fact]
    public void FailedOrRefused_AskedThoughItIsLeft_IsNotLeftForLonger()
    {
        var left = Left(Known(100), -0.1);
        var (asked, call) = DeploymentHealth.Started(left with { LeftUntil = At(1) }, Now);
        Assert.False(call.IsTry);
        Assert.Equal((left.Leaves, At(1)), (Failed(asked, call, 0.1).Leaves, Failed(asked, call, 0.1).LeftUntil));
        var refused = DeploymentHealth.Refused(asked, call, At(0.1), retryAfter: null, Rules, 0.5);
        Assert.Equal((left.Leaves, At(1)), (refused.Leaves, refused.LeftUntil));
    }

    [Fact]
    public void Failed_OneOfAPoolThatCanNotSpareIt_IsLeftAtTheSecond()
    {
        var (state, call) = DeploymentHealth.Started(Known(100), Now);
        state = DeploymentHealth.Failed(state, call, At(0.1), canBeSpared: false, Rules, 0.5);
        Assert.Equal(Standing.Open, state.StandingAt(At(0.1)));
        Assert.InRange(state.Success, 0.9, 0.95);
        (state, call) = DeploymentHealth.Started(state, At(0.2));
        Assert.Equal(Standing.Left, DeploymentHealth.Failed(state, call, At(0.3), canBeSpared: false, Rules, 0.5).StandingAt(At(0.3)));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(3600, 300)]
    public void Refused_WithATime_IsQuietForSoLongAtMostFiveMinutes(double says, double seconds)
    {
        var (state, call) = DeploymentHealth.Started(Known(100), Now);
        state = DeploymentHealth.Refused(state, call, Now, TimeSpan.FromSeconds(says), Rules, 0.5);
        Assert.Equal((Standing.Quiet, At(seconds), 0, 1), (state.StandingAt(Now), state.LeftUntil, state.Leaves, state.Success));
        Assert.Equal(Standing.Due, state.StandingAt(At(seconds)));
    }

    [Fact]
    public void Refused_OthersThatWereOutAsWell_TheLongestHolds()
    {
        var (one, first) = DeploymentHealth.Started(Known(100), Now);
        var (two, second) = DeploymentHealth.Started(one, Now);
        var left = DeploymentHealth.Refused(two, first, Now, TimeSpan.FromSeconds(3), Rules, 0.5);
        Assert.Equal(At(3), DeploymentHealth.Refused(left, second, Now, TimeSpan.FromSeconds(1), Rules, 0.5).LeftUntil);
        Assert.Equal(At(8), DeploymentHealth.Refused(left, second, Now, TimeSpan.FromSeconds(8), Rules, 0.5).LeftUntil);
    }

    [Fact]
    public void Refused_WithoutATime_IsLeftAsAfterAFailure()
    {
        var (state, call) = DeploymentHealth.Started(Known(100), Now);
        state = DeploymentHealth.Refused(state, call, Now, retryAfter: null, Rules, 0.5);
        Assert.Equal((Standing.Left, LeftFor.Refusal, At(0.75)), (state.StandingAt(Now), state.Reason, state.LeftUntil));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ended_WrongOrCancelled_SaysNothingOfItsHealth(bool wasHeard)
    {
        var (state, call) = DeploymentHealth.Started(Known(100), Now);
        var ended = DeploymentHealth.Landed(DeploymentHealth.Ended(state, call, At(0.05), wasHeard));
        Assert.Equal((Standing.Open, 0, 0, 1, 100, 0), (ended.StandingAt(At(0.05)), ended.InFlight, ended.Unanswered, ended.Success, ended.Peak, ended.Failures));
    }

    [Fact]
    public void Ended_TheCallThatTriesIt_AnotherMayTry()
    {
        var (state, call) = DeploymentHealth.Started(Left(Known(100), -1), Now);
        Assert.Equal(Standing.Left, state.StandingAt(Now));
        Assert.Equal(Standing.Due, DeploymentHealth.Ended(state, call, At(1), wasHeard: false).StandingAt(At(1)));
    }

    [Fact]
    public void GivenUp_TheTryOfOneThatStillHangs_IsLeftForLonger()
    {
        var (state, call) = DeploymentHealth.Started(Left(Known(100), -1), Now);
        var left = DeploymentHealth.GivenUp(state, call, At(2), Slow, Rules, 0.5);
        Assert.Equal((Standing.Left, state.Leaves + 1), (left.StandingAt(At(2)), left.Leaves));

        // One that was given up before it can have been slow says nothing.
        Assert.Equal((Standing.Due, state.Leaves), (DeploymentHealth.GivenUp(state, call, At(0.4), Slow, Rules, 0.5).StandingAt(At(0.4)), DeploymentHealth.GivenUp(state, call, At(0.4), Slow, Rules, 0.5).Leaves));
        Assert.Equal(Standing.Open, DeploymentHealth.GivenUp(Known(100), call with { IsTry = false }, At(9), Slow, Rules, 0.5).StandingAt(At(9)));
    }

    [Fact]
    public void Ended_CancelledAfterALongWait_HasWaitedThatLong()
    {
        var (state, call) = DeploymentHealth.Started(Known(100), Now);
        Assert.Equal(4000, DeploymentHealth.Ended(state, call, At(4), wasHeard: false).Peak);
        Assert.Equal(100, DeploymentHealth.Ended(state, call with { WasAnswered = true }, At(4), wasHeard: false).Peak);
    }

    [Fact]
    public void Watched_TwoCallsInSilenceForLongerThanSlow_IsLeftBeforeAnyAnswer()
    {
        var (one, _) = DeploymentHealth.Started(Known(100), Now);
        var (two, _) = DeploymentHealth.Started(one, At(0.3));
        Assert.Same(two, DeploymentHealth.Watched(two, At(0.49), Slow, Rules, 0.5));
        var left = DeploymentHealth.Watched(two, At(0.51), Slow, Rules, 0.5);
        Assert.Equal((Standing.Left, LeftFor.Slowness), (left.StandingAt(At(0.51)), left.Reason));
        Assert.Same(one, DeploymentHealth.Watched(one, At(60), Slow, Rules, 0.5));
        Assert.Same(two, DeploymentHealth.Watched(two, At(60), double.PositiveInfinity, Rules, 0.5));
    }

    [Fact]
    public void Watched_ThreeSlowAnswersInARow_IsLeftAndASlowTryLeavesItForLonger()
    {
        var state = Known(100);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Standing.Open, DeploymentHealth.Watched(state, At(i), Slow, Rules, 0.5).StandingAt(At(i)));
            (state, var call) = DeploymentHealth.Started(state, At(i));
            state = Answered(state, call, i + 0.9);
        }

        state = DeploymentHealth.Watched(state, At(3), Slow, Rules, 0.5);
        Assert.Equal((Standing.Left, 1), (state.StandingAt(At(3)), state.Leaves));
        (state, var attempt) = DeploymentHealth.Started(state, At(4));
        state = Answered(state, attempt, 5);
        Assert.Equal((Standing.Left, 2), (state.StandingAt(At(5)), state.Leaves));
    }

    [Fact]
    public void Watched_SlowAnswersWithAQuickOneBetween_Stays()
    {
        var state = Known(100);
        foreach (var took in new[] { 0.9, 0.9, 0.1, 0.9, 0.9 })
        {
            (state, var call) = DeploymentHealth.Started(state, Now);
            state = DeploymentHealth.Watched(Answered(state, call, took), At(took), Slow, Rules, 0.5);
        }

        Assert.Equal(Standing.Open, state.StandingAt(At(1)));
    }

    [Fact]
    public void Answered_CallFromBeforeItWasLeft_DoesNotBringItBack()
    {
        var (state, old) = DeploymentHealth.Started(Known(100), Now);
        state = DeploymentHealth.Watched(state with { Unanswered = 2 }, At(1), Slow, Rules, 0.5);
        Assert.Equal(Standing.Left, Answered(state, old, 1.1).StandingAt(At(1.1)));
        Assert.Equal(1, Answered(state, old, 60).Leaves);
    }

    [Fact]
    public void Anything_InAnyOrder_KeepsItsBounds() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var (state, now, calls) = (new DeploymentState(), Now, new List<CallStart>());
        for (var step = 0; step < 200; step++)
        {
            now += TimeSpan.FromMilliseconds(random.NextDouble() * 400);
            var before = state;
            if (calls.Count == 0 || random.Next(3) == 0)
            {
                (state, var started) = DeploymentHealth.Started(state, now);
                calls.Add(started);
            }
            else
            {
                var call = calls[random.Next(calls.Count)];
                calls.Remove(call);
                state = random.Next(6) switch
                {
                    0 => DeploymentHealth.Failed(state, call, now, random.Next(2) == 0, Rules, random.NextDouble()),
                    1 => DeploymentHealth.Refused(state, call, now, random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.NextDouble() * 10), Rules, random.NextDouble()),
                    2 when random.Next(2) == 0 => DeploymentHealth.GivenUp(state, call, now, Slow, Rules, random.NextDouble()),
                    2 => DeploymentHealth.Ended(state, call, now, wasHeard: true),
                    _ => DeploymentHealth.Answered(state, call, now, random.Next(4) == 0 ? Slow : double.PositiveInfinity, Rules, random.NextDouble()),
                };
                state = DeploymentHealth.Watched(DeploymentHealth.Landed(state), now, Slow, Rules, random.NextDouble());
            }

            var holds = state.InFlight == calls.Count
                && state.Unanswered >= 0 && state.Unanswered <= state.InFlight
                && state.Success is > 0 and <= 1
                && state.LeftUntil - now <= DeploymentHealth.LongestWord
                && calls.Count(call => call.IsTry && call.Epoch == state.Epoch) <= 1
                && (state.LeftAt is null || state.IsTried == calls.Exists(call => call.IsTry && call.Epoch == state.Epoch))
                && (state.LeftAt is null || before.LeftAt is not null || state.StandingAt(now) is Standing.Left or Standing.Quiet);
            if (!holds) return false;
        }

        return true;
    }));

    private static DeploymentState Shaky => Known(100) with { Success = 0.8 };

    private static TimeSpan At(double seconds) => Now + TimeSpan.FromSeconds(seconds);

    private static DeploymentState Answered(DeploymentState state, CallStart call, double seconds) => DeploymentHealth.Answered(state, call, At(seconds), Slow, Rules, 0.5);

    private static DeploymentState Failed(DeploymentState state, CallStart call, double seconds) => DeploymentHealth.Failed(state, call, At(seconds), canBeSpared: true, Rules, 0.5);
}
