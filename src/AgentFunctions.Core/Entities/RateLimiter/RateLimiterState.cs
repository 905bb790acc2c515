using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Entities.RateLimiter;

/// <summary>The limiter of a deployment.</summary>
public sealed record RateLimiterState
{
    /// <summary>Where its buckets stand.</summary>
    public RateState Rate { get; init; } = new();

    /// <summary>Among how many limiters it knows the deployment's limits to be divided.</summary>
    public ShardState Shards { get; init; } = new();

    /// <summary>The limits that it last dealt out by.</summary>
    public RateLimits Limits { get; init; } = new();

    /// <summary>The last grant of each worker, by the worker's name: where a worker reads its answer. The starts of one are kept for a minute, its number for 15.</summary>
    public IReadOnlyDictionary<string, WorkerGrant> Grants { get; init; } = new Dictionary<string, WorkerGrant>(StringComparer.Ordinal);

    /// <summary>Permits dealt out since the entity began.</summary>
    public long Granted { get; init; }

    /// <summary>Permits that came back unused.</summary>
    public long Returned { get; init; }

    /// <summary>Refusals of the provider that were told.</summary>
    public long Refusals { get; init; }
}

/// <summary>A worker's last grant.</summary>
/// <param name="Lease">Which of its requests it answers.</param>
/// <param name="At">When it was given, by the entity's clock.</param>
/// <param name="Grant">What was given.</param>
public sealed record WorkerGrant(long Lease, DateTimeOffset At, PermitGrant Grant);
