using AgentFunctions.Core.Policies.Balancing;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace AgentFunctions.Core.Tests.Models.Deployments;

/// <summary>What becomes of calls when one of four deployments is not well from the 10th second to the 40th.</summary>
public sealed class SimulatedPoolTests(ITestOutputHelper output)
{
    private const int Sick = 2;

    public static TheoryData<BalancingStrategy, int> All()
    {
        var data = new TheoryData<BalancingStrategy, int>();
        foreach (var strategy in Enum.GetValues<BalancingStrategy>())
        {
            for (var seed = 1; seed <= 3; seed++) data.Add(strategy, seed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_AllWell_EachGetsItsShare(BalancingStrategy strategy, int seed)
    {
        var world = Run(seed, strategy, (_, _) => 1, 60);
        Assert.All(Enumerable.Range(0, SimulatedPool.Deployments), i => Assert.InRange(world.Share(i, 0, 60), 0.2, 0.3));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_SomeAreTwiceAsFast_EachStillGetsAShare(BalancingStrategy strategy, int seed)
    {
        var world = Run(seed, strategy, (deployment, _) => 1 + (deployment / 3.0), 60);
        Assert.All(Enumerable.Range(0, SimulatedPool.Deployments), i => Assert.InRange(world.Share(i, 10, 60), 0.08, 0.5));
        if (strategy == BalancingStrategy.ResponseTime) Assert.InRange(world.Share(0, 10, 60) / world.Share(3, 10, 60), 1.7, 2.3);
    }

    [Fact]
    public void Run_AnyTimesThatAreNotSlow_EachGetsAShareUnderEveryStrategy() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        double[] factors = [.. Enumerable.Range(0, SimulatedPool.Deployments).Select(_ => 1 + (random.NextDouble() * 1.5))];
        var strategies = Enum.GetValues<BalancingStrategy>();
        var world = Run(seed, strategies[random.Next(strategies.Length)], (deployment, _) => factors[deployment], 20);
        return Enumerable.Range(0, SimulatedPool.Deployments).All(i => world.Share(i, 5, 20) > 0.05);
    }));

    [Theory]
    [MemberData(nameof(All))]
    public void Run_OneTurnsSlow_IsLeftWithinASecondAndComesBackWithoutAHerd(BalancingStrategy strategy, int seed) => Leaves(seed, strategy, Between(20));

    [Theory]
    [MemberData(nameof(All))]
    public void Run_OneHangs_IsLeftWithinASecondAndComesBackWithoutAHerd(BalancingStrategy strategy, int seed) => Leaves(seed, strategy, Between(double.PositiveInfinity));

    [Theory]
    [MemberData(nameof(All))]
    public void Run_OneFailsAtOnce_IsLeftWithinASecondAndComesBackWithoutAHerd(BalancingStrategy strategy, int seed)
    {
        var world = Leaves(seed, strategy, Between(-1));
        Assert.InRange(world.Calls.Count(call => call.Failed), 3, 25);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_OneTurnsSlow_AdaptiveKeepsItsP99(int seed)
    {
        var well = Run(seed, BalancingStrategy.Adaptive, (_, _) => 1, 40).Quantile(0.99, 10, 40);
        var plain = Run(seed, strategy: null, Between(20), 50).Quantile(0.99, 10, 40);
        var adaptive = Run(seed, BalancingStrategy.Adaptive, Between(20), 50).Quantile(0.99, 10, 40);
        output.WriteLine($"p99: {well:0} ms with all well; one of four 20 times slower: {plain:0} ms in turn, {adaptive:0} ms adaptive.");
        Assert.InRange(adaptive, well * 0.8, well * 1.5);
        Assert.True(plain > 8 * adaptive, $"p99 in turn is {plain:0} ms, adaptive {adaptive:0} ms.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_FailuresHereAndThere_EachKeepsItsShare(BalancingStrategy strategy, int seed)
    {
        var chance = new Random(seed);
        var world = Run(seed, strategy, (_, _) => chance.Next(100) == 0 ? -1 : 1, 60);
        Assert.All(Enumerable.Range(0, SimulatedPool.Deployments), i => Assert.InRange(world.Share(i, 0, 60), 0.18, 0.32));
        Assert.InRange(world.Quantile(0.98, 0, 60), 100, 300);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Run_OneRefusesForAWhile_NoCallFailsAndItIsSeldomAsked(BalancingStrategy strategy, int seed)
    {
        var world = new SimulatedPool(seed, strategy) { Refuses = (deployment, at) => deployment == Sick && at is >= 10 and < 40 ? 3 : null };
        world.Run(60);
        Assert.DoesNotContain(world.Calls, call => call.Failed);
        Assert.InRange(world.Refusals, 8, 12);
        Assert.InRange(world.Share(Sick, 52, 60), 0.15, 0.35);
    }

    [Fact]
    public void Run_AllRefuse_EachCallAsksOneAndFailsAtOnce()
    {
        var world = new SimulatedPool(1, BalancingStrategy.Adaptive) { Refuses = (_, at) => at is >= 10 and < 20 ? 30 : null };
        world.Run(25);
        var during = world.Between(10, 20).ToList();
        Assert.All(during, call => Assert.True(call.Failed));
        Assert.InRange(world.Refusals, during.Count, during.Count + SimulatedPool.Deployments);
        Assert.DoesNotContain(world.Between(20, 25), call => call.Failed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_SessionsOfOneThatHangs_GoToTheNextAndComeBack(int seed)
    {
        var world = new SimulatedPool(seed, BalancingStrategy.Adaptive) { Fares = Between(double.PositiveInfinity), Session = number => $"session-{number % 400}" };
        world.Run(110);
        var homes = Homes(2, 10);
        var away = Homes(12, 40);
        var back = Homes(100, 110);
        Assert.All(homes, home => Assert.Single(home.Value));
        Assert.InRange(homes.Count(home => home.Value.Contains(Sick)), 70, 130);
        // Those of the others stay where they are; those of the sick one have one other each, but for the calls that try it.
        Assert.All(away.Where(home => !homes[home.Key].Contains(Sick)), home => Assert.Equal(homes[home.Key], home.Value));
        Assert.All(away.Where(home => homes[home.Key].Contains(Sick)), home => Assert.Single(home.Value, deployment => deployment != Sick));
        Assert.All(back, home => Assert.Equal(homes[home.Key], home.Value));

        Dictionary<int, HashSet<int>> Homes(double from, double to) => world.Calls.Select((call, i) => (call, Session: (i + 1) % 400)).Where(one => one.call.At >= from && one.call.At < to)
            .GroupBy(one => one.Session).ToDictionary(calls => calls.Key, calls => calls.Select(one => one.call.Deployment).ToHashSet());
    }

    [Fact]
    public void Run_SameSeed_SameCalls() => Assert.Equal(
        Run(7, BalancingStrategy.Adaptive, Between(20), 30).Calls.Select(call => (call.At, call.Deployment, call.Milliseconds)),
        Run(7, BalancingStrategy.Adaptive, Between(20), 30).Calls.Select(call => (call.At, call.Deployment, call.Milliseconds)));

    private static SimulatedPool Leaves(int seed, BalancingStrategy strategy, Func<int, double, double> fares)
    {
        var world = Run(seed, strategy, fares, 120);
        // From a second on there are but single calls that try it.
        Assert.InRange(world.Between(11, 40).Count(call => call.Deployment == Sick), 1, 15);
        // It is back with its whole share, however long it was left for at last.
        Assert.InRange(world.Share(Sick, 105, 120), 0.2, 0.3);
        for (var second = 41; second < 119; second++)
        {
            Assert.InRange(world.Share(Sick, second, second + 1), 0, 0.4);
            var most = world.MostInFlight[second];
            Assert.InRange(most[Sick], 0, (1.5 * most.Where((_, i) => i != Sick).Max()) + 2);
        }

        return world;
    }

    private static SimulatedPool Run(int seed, BalancingStrategy? strategy, Func<int, double, double> fares, double seconds)
    {
        var world = new SimulatedPool(seed, strategy) { Fares = fares };
        world.Run(seconds);
        return world;
    }

    private static Func<int, double, double> Between(double factor) => (deployment, at) => deployment == Sick && at is >= 10 and < 40 ? factor : 1;
}
