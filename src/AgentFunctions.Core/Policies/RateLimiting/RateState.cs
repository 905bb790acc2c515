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

    /// <summary>Starts that came back and are still to come, in their order; null where there are none. Each is dealt out again as it is: put together at one later time they would be more than may start then.</summary>
    public IReadOnlyList<PermitStart>? Free { get; init; }

    /// <summary>Until when the provider has asked for quiet.</summary>
    public DateTimeOffset PausedUntil { get; init; }
}
