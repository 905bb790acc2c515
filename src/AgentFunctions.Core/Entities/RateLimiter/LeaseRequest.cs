using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Entities.RateLimiter;

/// <summary>What a worker tells and asks in one operation.</summary>
public sealed record LeaseRequest
{
    /// <summary>The worker's name, 1 to 200 characters.</summary>
    public required string Worker { get; init; }

    /// <summary>The number of this request, above that of the worker's last one: an operation that comes twice is answered alike and changes nothing.</summary>
    public required long Lease { get; init; }

    /// <summary>The whole deployment's limits, as the worker's settings say.</summary>
    public required RateLimits Limits { get; init; }

    /// <summary>Among how many limiters those limits are divided, as the worker's settings say, 1 to 32. Default: 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Which of them this one is, from 0. Default: the first.</summary>
    public int Shard { get; init; }

    /// <summary>What is asked for. Default: nothing, the worker only tells.</summary>
    public PermitRequest? Ask { get; init; }

    /// <summary>The starts of permits of earlier leases that are still to come and will not be used, by the limiter's clock. Default: none.</summary>
    public IReadOnlyList<PermitStart>? Back { get; init; }

    /// <summary>By how much more (above 0) or less (below) tokens were used than reserved, since the last request. Default: 0.</summary>
    public double Tokens { get; init; }

    /// <summary>For how long the provider asked for quiet when it last refused a call. Default: it refused none.</summary>
    public TimeSpan? Refused { get; init; }
}
