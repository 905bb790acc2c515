using AgentFunctions.Core.Policies.Balancing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Balancing;

public sealed class BalancingRulesTests
{
    [Theory]
    [InlineData(1, 0, 0.5)]
    [InlineData(1, 0.5, 0.75)]
    [InlineData(3, 0.5, 1.5)]
    [InlineData(8, 0.5, 30.5)]
    [InlineData(8, 0.999, 60)]
    [InlineData(1000, 0.5, 30.5)]
    public void Quiet_InARow_GrowsWithFullJitterUpToTheLongest(int leaves, double fraction, double seconds) => Assert.Equal(seconds, new BalancingRules().Quiet(leaves, fraction).TotalSeconds, 6);

    [Fact]
    public void Quiet_Any_IsWithinTheBounds() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var random = new Random(seed);
            var rules = new BalancingRules { ShortestQuiet = TimeSpan.FromSeconds(0.01 + random.NextDouble()), LongestQuiet = TimeSpan.FromSeconds(2 + (random.NextDouble() * 100)) };
            var quiet = rules.Quiet(random.Next(1, 1000), random.NextDouble());
            return quiet >= rules.ShortestQuiet && quiet <= rules.LongestQuiet;
        }));
}
