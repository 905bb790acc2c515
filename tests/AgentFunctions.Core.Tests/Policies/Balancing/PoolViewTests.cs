using AgentFunctions.Core.Policies.Balancing;
using static AgentFunctions.Core.Tests.Policies.Balancing.States;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

public sealed class PoolViewTests
{
    [Fact]
    public void Create_NoDeployments_IsRefused() => Assert.Throws<ArgumentException>(() => View());

    [Fact]
    public void Cost_Measured_IsPeakTimesInFlightOverWeightAndSuccess()
    {
        var state = Known(100, inFlight: 3) with { Peak = 250, Success = 0.5, BackFrom = Now - TimeSpan.FromSeconds(4), BackAt = Now + TimeSpan.FromSeconds(6) };
        Assert.Equal(250 * 4 / (0.4 * 0.5), View(state, Known(90)).Cost(0), 6);
    }

    [Fact]
    public void Cost_NothingSucceeds_IsTenTimesAtMost() => Assert.Equal(1000, View(Known(100) with { Success = 0.0001 }, Known(100)).Cost(0), 6);

    [Fact]
    public void Estimate_NothingMeasuredForAWhile_SinksTowardsTheOthers()
    {
        var before = Known(1000) with { MeasuredAt = Now - Rules.Decay };
        Assert.Equal(100 + (900 / Math.E), View(before, Known(100), Known(100)).Estimate(0), 6);
    }

    [Fact]
    public void Estimate_CallsWaitInSilence_IsForHowLong() =>
        Assert.Equal(700, View(Known(100) with { Unanswered = 1, UnansweredSince = Now - TimeSpan.FromMilliseconds(700) }, Known(100)).Estimate(0));

    [Fact]
    public void Estimate_NeverMeasured_IsTheOthers() => Assert.Equal(80, View(new DeploymentState(), Known(80)).Estimate(0));

    [Fact]
    public void SlowFrom_Others_IsThreeTimesTheirMiddleOne() => Assert.Equal(900, View(Known(1), Known(200), Known(300), Known(9000)).SlowFrom(0));

    [Fact]
    public void SlowFrom_HalfOfTheOthersAreSlow_GoesByTheSlowerHalf() => Assert.Equal(6000, View(Known(1), Known(200), Known(2000)).SlowFrom(0));

    [Fact]
    public void SlowFrom_QuickOthers_IsNeverBelowWhatIsNeverSlow() => Assert.Equal(500, View(Known(1), Known(2), Known(2)).SlowFrom(0));

    [Fact]
    public void SlowFrom_AllOthersAreSilent_IsThreeTimesTheirSilence()
    {
        var silent = Known(200) with { Unanswered = 2, UnansweredSince = Now - TimeSpan.FromSeconds(4) };
        Assert.Equal(12_000, View(Known(1), silent, silent).SlowFrom(0));
        Assert.Equal(900, View(Known(1), silent, Known(300)).SlowFrom(0));

        // A single call may only be a long one.
        Assert.Equal(600, View(Known(1), silent with { Unanswered = 1 }).SlowFrom(0));
    }

    [Fact]
    public void SlowFrom_OthersAreLeftOrUnknown_IsInfinite() => Assert.Equal(double.PositiveInfinity, View(Known(1), Left(Known(2), 5), new DeploymentState()).SlowFrom(0));

    [Fact]
    public void CanSpare_HalfOpenWithoutIt_IsTrue()
    {
        Assert.True(View(Known(1), Known(1)).CanSpare(0));
        Assert.True(View(Known(1), Known(1), Known(1), Left(Known(1), 5)).CanSpare(0));
        Assert.False(View(Known(1), Known(1), Left(Known(1), 5), Left(Known(1), 5)).CanSpare(0));
        Assert.False(View(Known(1)).CanSpare(0));
    }

    [Theory]
    [InlineData(-2, 0.1)]
    [InlineData(5, 0.5)]
    [InlineData(10, 1)]
    [InlineData(50, 1)]
    public void WeightOf_ComingBack_Grows(double seconds, double weight) =>
        Assert.Equal(weight, View(new DeploymentState { BackFrom = Now - TimeSpan.FromSeconds(seconds), BackAt = Now + TimeSpan.FromSeconds(10 - seconds) }).WeightOf(0), 6);

    private static PoolView View(params IReadOnlyList<DeploymentState> states) => new(states, Now, Rules);
}
