using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Entities.RateLimiter;

/// <summary>
/// Deals out a deployment's permits to workers, many at once. It is asked once for a batch of calls and not for each: an entity on Azure Storage serves some tens of
/// operations a second (Azure/azure-functions-durable-extension discussions on entity throughput). A lease that is lost with its worker runs out by itself.
/// </summary>
public sealed class RateLimiterEntity : Entity<RateLimiterState>
{
    /// <summary>The registered name.</summary>
    public const string Name = "ratelimiter";

    /// <summary>How long the last grant of a worker that asks no more is kept: 15 minutes.</summary>
    public static readonly TimeSpan GrantsKept = TimeSpan.FromMinutes(15);

    // A worker reads its answer within seconds. Of older ones only the number matters: with the starts, the state of a limiter of many runs would be megabytes.
    private static readonly TimeSpan StartsKept = TimeSpan.FromMinutes(1);

    /// <summary>Makes the entity.</summary>
    public RateLimiterEntity() => On(Lease, Answer);

    /// <summary>Settles what a worker tells, and answers what it asks for. A request that has been answered is answered alike again.</summary>
    public static EntityOperation<LeaseRequest, PermitGrant> Lease { get; } = new("lease");

    /// <inheritdoc/>
    protected override RateLimiterState InitialState { get; } = new();

    private static (RateLimiterState State, PermitGrant Answer) Answer(RateLimiterState state, LeaseRequest request, EntityContext context)
    {
        if (state.Grants.TryGetValue(request.Worker, out var last) && last.Lease >= request.Lease) return (state, last.Lease == request.Lease ? last.Grant : PermitGrant.None);
        var now = context.UtcNow;
        var rate = Sharding.Opened(state.Shards, state.Rate, now, request.Shard);
        var (shards, count) = Sharding.Told(state.Shards, now, request.Shards);
        var limits = Sharding.PartOf(request.Limits, count);
        var back = request.Back ?? [];
        if (back.Count > 0 || request.Tokens != 0) rate = RateReservation.Settle(limits, rate, now, back, request.Tokens);
        if (request.Refused is { } quiet) rate = RateReservation.Refused(limits, rate, now, quiet);
        var grant = PermitGrant.None;
        if (request.Ask is { } ask) (rate, grant) = RateReservation.Reserve(limits, rate, now, ask);
        var grants = state.Grants.Where(given => now - given.Value.At < GrantsKept).ToDictionary(given => given.Key, given => now - given.Value.At < StartsKept ? given.Value : given.Value with { Grant = PermitGrant.None }, StringComparer.Ordinal);
        grants[request.Worker] = new WorkerGrant(request.Lease, now, grant);
        return (state with
        {
            Rate = rate,
            Limits = limits,
            Shards = shards,
            Grants = grants,
            Granted = state.Granted + grant.Count,
            Returned = state.Returned + back.Sum(start => start.Count),
            Refusals = state.Refusals + (request.Refused is null ? 0 : 1),
        }, grant);
    }
}
