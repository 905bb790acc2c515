using AgentFunctions.Core.Policies.Circuits;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Circuits;

public sealed class CircuitTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CircuitSettings Settings = new() { ConsecutiveFailures = 3, MinimumThroughput = 10, BreakDuration = TimeSpan.FromSeconds(4), LongestBreak = TimeSpan.FromSeconds(60), ProbeLease = TimeSpan.FromSeconds(10) };
    private DateTimeOffset now = Start;
    private CircuitState state = new();

    [Fact]
    public void Record_FailuresInARow_OpenIt()
    {
        Calls("ffaff");
        Assert.Equal(CircuitPhase.Closed, state.Phase);
        Calls("f");
        Assert.Equal((CircuitPhase.Open, Start, now + TimeSpan.FromSeconds(4)), (state.Phase, state.Since, state.RetryAt));
        Assert.Equal(TimeSpan.FromSeconds(4), Ask().Wait);
    }

    [Theory]
    [InlineData("afafafafa", CircuitPhase.Closed)]
    [InlineData("afafafafaf", CircuitPhase.Open)]
    [InlineData("aafaafaafaafaafaaf", CircuitPhase.Closed)]
    public void Record_ShareOfFailures_OpensFromTheMinimumThroughputOn(string calls, CircuitPhase phase)
    {
        Calls(calls);
        Assert.Equal(phase, state.Phase);
    }

    [Fact]
    public void Record_FailuresOlderThanTheWindow_CountNoMore()
    {
        Calls("afafafafa");
        now += TimeSpan.FromSeconds(31);
        Calls("f");
        Assert.Equal((CircuitPhase.Closed, 1), (state.Phase, Circuit.Failures(state)));
    }

    [Fact]
    public void Record_CallsThatTellNothing_CountNeitherWay()
    {
        Calls("ffnf");
        Assert.Equal(CircuitPhase.Open, state.Phase);
    }

    [Fact]
    public void Ask_AfterTheBreak_LetsOneThroughUntilItsLeaseIsOver()
    {
        Calls("fff");
        now += TimeSpan.FromSeconds(4);
        Assert.Equal(1, Ask().Probe);
        Assert.False(Ask().Allowed);
        now += TimeSpan.FromSeconds(9.9);
        Assert.False(Ask().Allowed);
        now += TimeSpan.FromSeconds(0.1);
        Assert.Equal(2, Ask().Probe);
    }

    [Fact]
    public void Record_ProbeAnswered_Closes()
    {
        Calls("fff");
        now += TimeSpan.FromSeconds(4);
        Record(Ask(), CircuitOutcome.Answered);
        Assert.Equal((CircuitPhase.Closed, null), (state.Phase, state.Since));
        Calls("ff");
        Assert.Equal(CircuitPhase.Closed, state.Phase);
    }

    [Fact]
    public void Record_ProbesFail_BreaksDoubleUpToTheLongestAndItStaysBrokenSinceTheFirst()
    {
        Calls("fff");
        List<double> breaks = [];
        for (var i = 0; i < 6; i++)
        {
            breaks.Add((state.RetryAt - now).TotalSeconds);
            now = state.RetryAt;
            Record(Ask(), CircuitOutcome.Failed);
        }

        Assert.Equal([4, 8, 16, 32, 60, 60], breaks);
        Assert.Equal(Start, state.Since);
    }

    [Theory]
    [InlineData(59, 8)]
    [InlineData(60, 4)]
    public void Record_OpensAgain_BreaksGrowUnlessItWasClosedForLong(double quiet, double seconds)
    {
        Calls("fff");
        now = state.RetryAt;
        Record(Ask(), CircuitOutcome.Answered);
        now += TimeSpan.FromSeconds(quiet);
        Calls("fff");
        Assert.Equal(seconds, (state.RetryAt - now).TotalSeconds);
    }

    [Fact]
    public void Record_ProbeThatTellsNothing_LetsTheNextOneTryAtOnce()
    {
        Calls("fff");
        now += TimeSpan.FromSeconds(4);
        Record(Ask(), CircuitOutcome.Nothing);
        Assert.Equal(2, Ask().Probe);
    }

    [Fact]
    public void Record_CallsFromBeforeAnOpening_CountNoMore()
    {
        var early = Ask();
        Calls("fff");
        now += TimeSpan.FromSeconds(4);
        var probe = Ask();
        Record(early, CircuitOutcome.Answered);
        Assert.Equal(CircuitPhase.HalfOpen, state.Phase);
        Record(probe, CircuitOutcome.Answered);
        for (var i = 0; i < 5; i++) Record(early, CircuitOutcome.Failed);
        Assert.Equal((CircuitPhase.Closed, 0), (state.Phase, Circuit.Failures(state)));
    }

    [Fact]
    public void Break_AnyChance_IsAtLeastThreeQuartersOfItsCeiling() => Prop.ForAll(
        (from openings in Gen.Choose(1, 200)
         from chance in Gen.Choose(0, 999)
         select (Openings: openings, Chance: chance)).ToArbitrary(),
        drawn =>
        {
            var ceiling = Math.Min(60, 4 * Math.Pow(2, drawn.Openings - 1));
            var seconds = Circuit.Break(Settings, drawn.Openings, drawn.Chance / 1000.0).TotalSeconds;
            return seconds <= ceiling + 1e-6 && seconds > (ceiling * 0.75) - 1e-6;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Circuit_AnyCourse_OpensForAReasonAndLetsOneProbeThroughAtATime() => Prop.ForAll(
        (from milliseconds in Gen.Choose(0, 3000)
         from dice in Gen.Choose(0, 5)
         select (milliseconds, dice)).ListOf().ToArbitrary(),
        course => new CircuitTests().Holds([.. course])).QuickCheckThrowOnFailure();

    private bool Holds(IReadOnlyList<(int Milliseconds, int Dice)> course)
    {
        List<(DateTimeOffset At, bool Failed)> counted = [];
        List<CircuitLeave> running = [];
        (CircuitLeave Leave, DateTimeOffset Until)? probe = null;
        foreach (var (milliseconds, dice) in course)
        {
            now += TimeSpan.FromMilliseconds(milliseconds);
            if (dice < 2 || running.Count == 0)
            {
                var before = state;
                var leave = Ask();
                if (leave.Allowed) running.Add(leave);
                if (before.Phase == CircuitPhase.Closed && leave is not { Allowed: true, Probe: 0 }) return false;
                if (before.Phase == CircuitPhase.Open && leave.Allowed != (now >= before.RetryAt)) return false;
                if (leave.Probe > 0)
                {
                    if (probe is { } held && held.Leave.Era == leave.Era && now < held.Until) return false;
                    probe = (leave, now + Settings.ProbeLease);
                }

                continue;
            }

            var ended = running[0];
            running.RemoveAt(0);
            var (was, failed) = (state, dice is 3 or 4);
            if (dice == 5 && probe?.Leave == ended) probe = null;
            if (ended.Era == was.Era && ended.Probe == 0 && dice != 5) counted.Add((now, failed));
            Record(ended, dice == 5 ? CircuitOutcome.Nothing : failed ? CircuitOutcome.Failed : CircuitOutcome.Answered);
            if (was.Phase == CircuitPhase.Closed && state.Phase == CircuitPhase.Open)
            {
                var recent = counted.Where(call => now - call.At < Settings.SamplingWindow).ToList();
                var inARow = counted.AsEnumerable().Reverse().TakeWhile(call => call.Failed).Count();
                if (inARow < 3 && (recent.Count < 10 || recent.Count(call => call.Failed) < 5)) return false;
            }

            if (state.Era != was.Era)
            {
                counted.Clear();
                probe = null;
            }
            else if (state.Phase == CircuitPhase.Closed && counted.AsEnumerable().Reverse().TakeWhile(call => call.Failed).Count() >= 3)
            {
                return false;
            }
        }

        return true;
    }

    private void Calls(string outcomes)
    {
        foreach (var outcome in outcomes) Record(Ask(), outcome switch { 'a' => CircuitOutcome.Answered, 'f' => CircuitOutcome.Failed, _ => CircuitOutcome.Nothing });
    }

    private CircuitLeave Ask()
    {
        (state, var leave) = Circuit.Ask(Settings, state, now);
        return leave;
    }

    private void Record(CircuitLeave leave, CircuitOutcome outcome) => state = Circuit.Record(Settings, state, now, leave, outcome, 0);
}
