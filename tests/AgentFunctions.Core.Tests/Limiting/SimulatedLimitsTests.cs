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

        Assert.Equal(0, world.Refused);
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

    private static SimulatedLimits Busy(int seed, RateLimits limits)
    {
        var world = new SimulatedLimits(seed, limits);
        world.Add(8, outstanding: 60, tokensEach: 1000);
        return world;
    }
}
