using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Policies.RateLimiting;

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
    /// <summary>Nothing.</summary>
    public static PermitGrant None { get; } = new([], RetryAfter: null);

    /// <summary>When it was given, by the limiter's clock: for naming starts to the limiter, and nothing else.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>For how long the provider has asked all for quiet, whoever it refused: what was given before and is not used yet is not for that time. Null where it has not.</summary>
    public TimeSpan? Quiet { get; init; }

    /// <summary>How many permits.</summary>
    [JsonIgnore]
    public int Count => Starts.Sum(run => run.Count);
}

/// <summary>Permits that start at one time of the limiter's clock.</summary>
/// <param name="At">When.</param>
/// <param name="Count">How many.</param>
public sealed record PermitStart(DateTimeOffset At, int Count);

/// <summary>Permits that start together.</summary>
/// <param name="After">How long after the answer.</param>
/// <param name="Count">How many.</param>
public sealed record PermitRun(TimeSpan After, int Count);
