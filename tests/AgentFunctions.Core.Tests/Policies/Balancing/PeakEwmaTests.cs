using AgentFunctions.Core.Policies.Balancing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

public sealed class PeakEwmaTests
{
    private static readonly TimeSpan Decay = TimeSpan.FromSeconds(10);

    [Fact]
    public void Average_TheFirst_IsIt() => Assert.Equal(7, PeakEwma.Average(null, 7, TimeSpan.Zero, Decay));

    [Fact]
    public void Average_AfterTheDecay_LeavesAnEthOfTheOld() => Assert.Equal((100 / Math.E) + (20 * (1 - (1 / Math.E))), PeakEwma.Average(100, 20, Decay, Decay), 9);

    [Fact]
    public void Peak_Longer_JumpsUp() => Assert.Equal(500, PeakEwma.Peak(100, 500, TimeSpan.FromMilliseconds(1), Decay));

    [Fact]
    public void Peak_Shorter_SinksSlowly() => Assert.Equal((500 / Math.E) + (100 * (1 - (1 / Math.E))), PeakEwma.Peak(500, 100, Decay, Decay), 9);

    [Fact]
    public void Faded_AboveTheUsual_SinksToItAndNoFurther()
    {
        Assert.Equal(100 + (900 / Math.E), PeakEwma.Faded(1000, 100, Decay, Decay), 9);
        Assert.Equal(100, PeakEwma.Faded(1000, 100, TimeSpan.FromHours(1), Decay), 6);
        Assert.Equal(50, PeakEwma.Faded(50, 100, TimeSpan.FromHours(1), Decay));
    }

    [Fact]
    public void Average_AnyTimes_LiesBetweenThemAndThePeakIsNotBelow() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var random = new Random(seed);
            var (before, value, since) = (random.NextDouble() * 1000, random.NextDouble() * 1000, TimeSpan.FromSeconds((random.NextDouble() * 60) - 5));
            var (mean, peak) = (PeakEwma.Average(before, value, since, Decay), PeakEwma.Peak(before, value, since, Decay));
            return mean >= Math.Min(before, value) - 1e-9 && mean <= Math.Max(before, value) + 1e-9 && peak >= mean - 1e-9 && peak >= value - 1e-9;
        }));
}
