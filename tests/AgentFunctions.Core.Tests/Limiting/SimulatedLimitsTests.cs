using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Tests.Limiting;

/// <summary>Limits that hold across workers: eight of them against a provider that enforces the same limits.</summary>
public sealed class SimulatedLimitsTests
{
    private static readonly RateLimits Fast = new() { RequestsPerMinute = 12_000 };

    public SimulatedLimitsTests() => SynchronizationContext.SetSynchronizationContext(null);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_EightBusyWorkers_NoRefusalAndTheQuotaIsUsed(int seed)
    {
        var world = Busy(seed, Fast);

        world.Run(TimeSpan.FromMinutes(3));

        AssertKept(world, seed);
        Assert.InRange(world.Answered, 0.97 * 36_000, 37_000);
        Assert.InRange(world.EntityCalls, 1, world.Answered / 50);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_TokensAreTheLimitAndEstimatesAreOff_NoRefusalAndTheQuotaIsUsed(int seed)
    {
        var world = Busy(seed, new RateLimits { RequestsPerMinute = 60_000, TokensPerMinute = 6_000_000 });
        world.EstimateError = 0.4;

        world.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(0, world.Refused);
        Assert.InRange(world.TokensUsed, 0.97 * 18_000_000, 19_000_000);
        Assert.InRange(world.EntityCalls, 1, world.Answered / 50);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_WorkersDieHoldingLeases_NoRefusal(int seed)
    {
        var world = Busy(seed, Fast);
        var random = new Random(seed);

        for (var i = 0; i < 20; i++)
        {
            world.Run(TimeSpan.FromSeconds(6));
            world.Kill(random.Next(8));
        }

        Assert.Equal(0, world.Refused);
        // What died with them was dealt out and never used.
        Assert.InRange(world.Answered, 0.8 * 24_000, 25_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_TheEntityMovesBetweenClocksThatDifferBySeconds_NoRefusal(int seed)
    {
        var world = Busy(seed, Fast);
        var random = new Random(seed);

        for (var i = 0; i < 9; i++)
        {
            world.ClockOffset = TimeSpan.FromSeconds((random.NextDouble() * 6) - 3);
            world.Run(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(0, world.Refused);
        Assert.InRange(world.Answered, 0.85 * 36_000, 38_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_ProviderLowersItsLimit_SettlesBelowItWithFewRefusals(int seed)
    {
        var world = Busy(seed, Fast);
        world.Run(TimeSpan.FromMinutes(1));

        world.Provider = new RateLimits { RequestsPerMinute = 6_000 };
        world.Run(TimeSpan.FromMinutes(5));

        // A limiter that did not learn would be refused half of 60,000 calls.
        Assert.InRange(world.Refused, 1, 600);
        Assert.InRange(world.Answered, 12_000 + (0.7 * 30_000), 12_000 + 37_000);
    }

    [Theory]
    [InlineData(1, 2, 50, 0.97)]
    [InlineData(2, 4, 40, 0.97)]
    [InlineData(3, 16, 15, 0.97)]
    [InlineData(4, 16, 15, 0.97)]
    [InlineData(5, 16, 15, 0.97)]
    public void Run_SeveralShards_NoRefusalTheQuotaIsUsedAndFewCalls(int seed, int shards, int callsEach, double used)
    {
        var world = Busy(seed, Fast, shards);
        world.Run(TimeSpan.FromSeconds(20));
        var before = world.Answered;

        world.Run(TimeSpan.FromMinutes(3));

        AssertKept(world, seed);
        Assert.Equal(shards, world.Entities);
        Assert.InRange(world.Answered - before, used * 36_000, 37_000);
        Assert.True(world.EntityCalls * callsEach <= world.Answered, $"Seed {seed}: {(double)world.Answered / world.EntityCalls} calls for an operation of a limiter.");
    }

    [Fact]
    public void Run_MoreShardsThanTheTokensAreEnoughFor_NoRefusal()
    {
        var world = new SimulatedLimits(1, new RateLimits { TokensPerMinute = 100_000 }) { Shards = 32 };
        world.Add(8, outstanding: 10, tokensEach: 4000);

        world.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(0, world.Refused);
        Assert.InRange(world.TokensUsed, 0.8 * 300_000, 300_000 + 20_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_ShardsAreAddedAndTakenAwayWhileOldWorkersRun_NoMoreThanTheLimitsEver(int seed)
    {
        var world = Busy(seed, Fast, shards: 1);
        var random = new Random(seed);
        world.Run(TimeSpan.FromSeconds(30));
        foreach (var shards in new[] { 4, 2, 8, 1, 4 })
        {
            world.Shards = shards;
            foreach (var index in Enumerable.Range(0, 8).OrderBy(_ => random.Next()))
            {
                world.Kill(index);
                world.ClockOffset = TimeSpan.FromSeconds((random.NextDouble() * 2) - 1);
                world.Run(TimeSpan.FromSeconds(random.Next(1, 30)));
            }

            world.Run(TimeSpan.FromSeconds(random.Next(10, 120)));
        }

        AssertKept(world, seed, seconds: 2);
        var before = world.Answered;
        world.Run(TimeSpan.FromMinutes(2));
        Assert.InRange(world.Answered - before, 0.95 * 24_000, 25_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_ShardsAndWorkersThatDieHoldingLeases_NoRefusal(int seed)
    {
        var world = Busy(seed, Fast, shards: 4);
        var random = new Random(seed);

        for (var i = 0; i < 20; i++)
        {
            world.Run(TimeSpan.FromSeconds(6));
            world.Kill(random.Next(8));
        }

        AssertKept(world, seed);
        Assert.InRange(world.Answered, 0.65 * 24_000, 25_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_ShardsMoveBetweenClocksThatDiffer_NoRefusal(int seed)
    {
        var world = Busy(seed, Fast, shards: 4);
        var random = new Random(seed);

        for (var i = 0; i < 9; i++)
        {
            world.ClockOffset = TimeSpan.FromSeconds((random.NextDouble() * 6) - 3);
            world.Run(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(0, world.Refused);
        Assert.InRange(world.Answered, 0.8 * 36_000, 38_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_ShardsAndAProviderThatLowersItsLimit_AllShardsHearOfIt(int seed)
    {
        var world = Busy(seed, Fast, shards: 4);
        world.Run(TimeSpan.FromMinutes(1));
        var before = world.Answered;

        world.Provider = new RateLimits { RequestsPerMinute = 6_000 };
        world.Run(TimeSpan.FromMinutes(5));

        Assert.InRange(world.Refused, 1, 900);
        Assert.InRange(world.Answered - before, 0.7 * 30_000, 37_000);
    }

    [Fact]
    public void Run_AShardIsNotServed_NothingGoesOutUnlimitedAndItGoesOnAfterwards()
    {
        var world = Busy(7, Fast, shards: 4);
        world.Run(TimeSpan.FromSeconds(60));
        world.Down = "m~2";
        world.Run(TimeSpan.FromMinutes(2));
        var whileDown = world.Answered;
        world.Down = null;
        world.Run(TimeSpan.FromMinutes(2));

        AssertKept(world, 7);
        Assert.InRange(world.Answered - whileDown, 0.7 * 24_000, 25_000);
    }

    /// <summary>The promise, with its seed where it is broken.</summary>
    private static void AssertKept(SimulatedLimits world, int seed, double seconds = 0)
    {
        Assert.True(world.Refused == 0, $"Seed {seed}: the provider refused {world.Refused} calls.");
        Assert.True(world.MostOverTheBound() <= seconds * world.Limits.RequestsPerMinute / 60, $"Seed {seed}: {world.MostOverTheBound()} calls too many started.");
    }

    private static SimulatedLimits Busy(int seed, RateLimits limits, int shards = 1)
    {
        var world = new SimulatedLimits(seed, limits) { Shards = shards };
        world.Add(8, outstanding: 60, tokensEach: 1000);
        return world;
    }
}
