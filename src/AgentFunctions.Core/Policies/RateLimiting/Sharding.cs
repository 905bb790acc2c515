using System.Globalization;

namespace AgentFunctions.Core.Policies.RateLimiting;

/// <summary>
/// How a deployment's limits are divided among several limiters, where one could not serve all workers: each deals out an equal part. The number of parts may change
/// while workers run that count differently, and no more than the whole is dealt out all the same: a limiter reckons with the largest number that it was told lately
/// (<see cref="Remembered"/>); a worker asks none of them unless all have heard its number lately (<see cref="ToldWithin"/>); and a limiter that nobody has
/// used for a while (<see cref="UntouchedFor"/>) opens empty, when what others dealt out before by larger parts has started (<see cref="OpensAfter"/>). Pure.
/// </summary>
public static class Sharding
{
    /// <summary>The most limiters of a deployment: 32.</summary>
    public const int Most = 32;

    /// <summary>The tokens that each part must have to give at once: 4,000, a call of ordinary size. A bucket that never holds a call lets it through when it is full, and many of them would do so together.</summary>
    public const double LeastTokens = 4_000;

    /// <summary>How often a busy worker tells each of them: 20 s.</summary>
    public static readonly TimeSpan ToldEvery = TimeSpan.FromSeconds(20);

    /// <summary>For how long a worker may ask any of them after it has told each: 40 s.</summary>
    public static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(40);

    /// <summary>When one that has heard of nobody opens empty: after 40 s.</summary>
    public static readonly TimeSpan UntouchedFor = TimeSpan.FromSeconds(40);

    /// <summary>For how long a number that was told counts: <see cref="ToldWithin"/> and <see cref="UntouchedFor"/>, and 15 s for clocks and messages.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(95);

    /// <summary>How far ahead of now a permit of a deployment with several limiters may start: 10 s.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromSeconds(10);

    /// <summary>After its first request one that opens deals out starts from here on: 15 s, <see cref="Ahead"/> and some for clocks and messages.</summary>
    public static readonly TimeSpan OpensAfter = TimeSpan.FromSeconds(15);

    /// <summary>Into how many parts limits can be divided: not more than each has a call and <see cref="LeastTokens"/> to give at once, or parts would add up to more than the whole.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="wanted">How many are wanted, 1 to 32.</param>
    public static int CountFor(RateLimits limits, int wanted)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (wanted is < 1 or > Most) throw new ArgumentOutOfRangeException(nameof(wanted), wanted, $"A deployment has 1 to {Most} limiters.");
        return (int)Math.Clamp(Math.Floor(Math.Min(Parts(limits.RequestsPerMinute, 1), Parts(limits.TokensPerMinute, LeastTokens))), 1, wanted);

        double Parts(double perMinute, double least) => perMinute > 0 ? perMinute / 60 * (limits.Burst - limits.UseWithin).TotalSeconds / least : wanted;
    }

    /// <summary>The limits of each part.</summary>
    /// <param name="limits">The limits of all together.</param>
    /// <param name="count">How many parts.</param>
    public static RateLimits PartOf(RateLimits limits, int count)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return count == 1 ? limits : limits with { RequestsPerMinute = limits.RequestsPerMinute / count, TokensPerMinute = limits.TokensPerMinute / count };
    }

    /// <summary>The name of a part: the first has the deployment's own, so that it is the same with any number of them.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="shard">Which, from 0.</param>
    public static string NameOf(string deployment, int shard) => shard == 0 ? deployment : string.Create(CultureInfo.InvariantCulture, $"{deployment}~{shard}");

    /// <summary>A limiter hears how many there are.</summary>
    /// <param name="state">What it was told before.</param>
    /// <param name="now">The time.</param>
    /// <param name="count">How many there are, as a worker says.</param>
    /// <returns>What it knows now, and by how many it divides.</returns>
    public static (ShardState State, int Count) Told(ShardState state, DateTimeOffset now, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        var until = state.Until.Where(told => told.Value > now).ToDictionary();
        if (count > 1) until[count] = now + Remembered;
        return (new ShardState { Until = until, TouchedAt = state.TouchedAt > now ? state.TouchedAt : now }, until.Count == 0 ? count : Math.Max(count, until.Keys.Max()));
    }

    /// <summary>Where a limiter stands when a worker turns to it: as it was, or, of one but the first that nobody has used for a while, empty and not before others have started what they dealt out.</summary>
    /// <param name="state">What it was told before this.</param>
    /// <param name="rate">Where it stands.</param>
    /// <param name="now">The time.</param>
    /// <param name="shard">Which it is, from 0.</param>
    public static RateState Opened(ShardState state, RateState rate, DateTimeOffset now, int shard)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rate);
        if (shard == 0 || (state.TouchedAt is { } touched && now - touched < UntouchedFor)) return rate;
        var opens = now + OpensAfter;
        return rate with { Begun = true, At = rate.At > opens ? rate.At : opens, Requests = rate.Begun ? Math.Min(0, rate.Requests) : 0, Tokens = rate.Begun ? Math.Min(0, rate.Tokens) : 0 };
    }
}

/// <summary>What a limiter has been told of how many there are.</summary>
public sealed record ShardState
{
    /// <summary>Until when each number that is above 1 counts.</summary>
    public IReadOnlyDictionary<int, DateTimeOffset> Until { get; init; } = new Dictionary<int, DateTimeOffset>();

    /// <summary>When a worker last turned to it; null where none has.</summary>
    public DateTimeOffset? TouchedAt { get; init; }
}
