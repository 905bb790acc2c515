using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Tests.Policies.RateLimiting;

public sealed class ShardingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, 32, 32)]
    [InlineData(600, 0, 32, 32)]
    [InlineData(60, 0, 32, 5)] // Five a burst: a sixth part would have none to give.
    [InlineData(6, 0, 32, 1)]
    [InlineData(6000, 0, 1, 1)]
    [InlineData(0, 1_000_000, 32, 20)] // 83,333 tokens a burst: a twenty-first part would have less than 4,000 to give.
    [InlineData(60, 1_000_000, 32, 5)]
    [InlineData(600, 1, 32, 1)]
    public void CountFor_Limits_NoPartHasLessThanACallAtOnce(double calls, double tokens, int wanted, int expected) =>
        Assert.Equal(expected, Sharding.CountFor(new RateLimits { RequestsPerMinute = calls, TokensPerMinute = tokens }, wanted));

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void CountFor_OutOfRange_IsRefused(int wanted) => Assert.Throws<ArgumentOutOfRangeException>(() => Sharding.CountFor(new RateLimits(), wanted));

    [Fact]
    public void NameOf_First_IsTheDeploymentsOwnAndOthersAreKeysOfTheirOwn()
    {
        Assert.Equal("m@h", Sharding.NameOf("m@h", 0));
        Assert.Equal("m@h~3", EntityReferences.RateLimiter(Sharding.NameOf("m@h", 3)).Key);
    }

    [Fact]
    public void Told_SmallerNumbersLater_TheLargestCountsUntilItIsForgotten()
    {
        var (state, count) = Sharding.Told(new ShardState(), Start, 4);
        Assert.Equal(4, count);
        (state, count) = Sharding.Told(state, Start.AddSeconds(60), 2);
        Assert.Equal(4, count);
        (state, count) = Sharding.Told(state, Start.AddSeconds(96), 1);
        Assert.Equal(2, count);
        (_, count) = Sharding.Told(state, Start.AddSeconds(156), 1);
        Assert.Equal(1, count);
    }

    [Fact]
    public void Opened_NeverUsedOrNotForLong_IsEmptyAndLater()
    {
        var used = new ShardState { TouchedAt = Start };
        var rate = new RateState { Begun = true, At = Start, Requests = 30, Tokens = -5 };
        Assert.Equal(rate, Sharding.Opened(used, rate, Start.AddSeconds(39), shard: 1));
        Assert.Equal(rate, Sharding.Opened(new ShardState(), rate, Start.AddSeconds(500), shard: 0));
        Assert.Equal(rate with { At = Start.AddSeconds(55), Requests = 0 }, Sharding.Opened(used, rate, Start.AddSeconds(40), shard: 1));
        Assert.Equal((true, Start.AddSeconds(15), 0.0), Sharding.Opened(new ShardState(), new RateState(), Start, shard: 1) is var fresh ? (fresh.Begun, fresh.At, fresh.Requests) : default);
    }
}
