namespace AgentFunctions.Core.Policies.RateLimiting;

/// <summary>Where the limiter of a deployment stands. Everything in it is of the entity's own clock.</summary>
public sealed record RateState
{
    /// <summary>What both buckets' levels are of: the start of the last permit, which may be ahead of now.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Calls that may start at <see cref="At"/>.</summary>
    public double Requests { get; init; }

    /// <summary>Tokens that may be used at <see cref="At"/>.</summary>
    public double Tokens { get; init; }

    /// <summary>Whether anything was ever asked: until then the buckets are full.</summary>
    public bool Begun { get; init; }

    /// <summary>The share of the limits that is dealt out, above 0 up to 1: less after refusals of the provider, and slowly more again.</summary>
    public double Share { get; init; } = 1;

    /// <summary>When the share was last reckoned.</summary>
    public DateTimeOffset ShareAt { get; init; }

    /// <summary>When the share was last cut.</summary>
    public DateTimeOffset CutAt { get; init; }

    /// <summary>Until when the provider has asked for quiet.</summary>
    public DateTimeOffset PausedUntil { get; init; }
}

/// <summary>What is asked for.</summary>
/// <param name="Count">How many permits, 1 to 1,000.</param>
/// <param name="TokensEach">The tokens that each call is likely to use, in and out; at least 0.</param>
/// <param name="MaxWait">How far ahead a permit may start, up to 10 minutes.</param>
public sealed record PermitRequest(int Count, double TokensEach, TimeSpan MaxWait);

/// <summary>What is given: calls may start at these times after the answer came, and not later than the limits' UseWithin after them.</summary>
/// <param name="Starts">When, in order: runs of permits with one start. Fewer than asked for where more would have to wait too long.</param>
/// <param name="RetryAfter">Where fewer were given than asked for: when to ask for more.</param>
public sealed record PermitGrant(IReadOnlyList<PermitRun> Starts, TimeSpan? RetryAfter)
{
    /// <summary>How many permits.</summary>
    public int Count => Starts.Sum(run => run.Count);
}

/// <summary>Permits that start together.</summary>
/// <param name="After">How long after the answer.</param>
/// <param name="Count">How many.</param>
public sealed record PermitRun(TimeSpan After, int Count);
