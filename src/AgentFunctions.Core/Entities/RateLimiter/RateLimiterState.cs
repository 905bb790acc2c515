using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Entities.RateLimiter;

/// <summary>The limiter of a deployment, or of one shard of it.</summary>
public sealed record RateLimiterState
{
    /// <summary>Where its buckets stand.</summary>
    public RateState Rate { get; init; } = new();

    /// <summary>The limits that it last dealt out by.</summary>
    public RateLimits Limits { get; init; } = new();

    /// <summary>The last grant of each worker, by the worker's name: where a worker reads its answer. One that is older than 15 minutes is dropped.</summary>
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

/// <summary>What a worker tells and asks in one operation.</summary>
public sealed record LeaseRequest
{
    /// <summary>The worker's name, 1 to 200 characters.</summary>
    public required string Worker { get; init; }

    /// <summary>The number of this request, above that of the worker's last one: an operation that comes twice is answered alike and changes nothing.</summary>
    public required long Lease { get; init; }

    /// <summary>The deployment's limits, as the worker's settings say.</summary>
    public required RateLimits Limits { get; init; }

    /// <summary>What is asked for. Default: nothing, the worker only tells.</summary>
    public PermitRequest? Ask { get; init; }

    /// <summary>How many permits of earlier leases come back unused. Default: 0.</summary>
    public int Unused { get; init; }

    /// <summary>By how much more (above 0) or less (below) tokens were used than reserved, since the last request. Default: 0.</summary>
    public double Tokens { get; init; }

    /// <summary>For how long the provider asked for quiet when it last refused a call. Default: it refused none.</summary>
    public TimeSpan? Refused { get; init; }
}
