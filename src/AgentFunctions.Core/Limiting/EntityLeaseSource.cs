using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Limiting;

/// <summary>
/// Leases from <see cref="RateLimiterEntity"/>, as a worker can get them: it sends the operation, and reads its answer from the entity's state, since only an
/// orchestrator gets an entity's answer itself.
/// </summary>
/// <param name="runs">The engine's client.</param>
/// <param name="time">The clock of the pauses between reads.</param>
public sealed class EntityLeaseSource(Func<IRunClient> runs, TimeProvider time) : ILeaseSource
{
    /// <inheritdoc/>
    public async Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var state = await runs().AskEntityAsync<RateLimiterState, LeaseRequest, PermitGrant>(EntityReferences.RateLimiter(deployment), RateLimiterEntity.Lease, request, state => GivenTo(state)?.Lease >= request.Lease, $"limiter of '{deployment}'", time, cancellationToken);
        var given = GivenTo(state)!;
        return given.Lease == request.Lease ? given.Grant : PermitGrant.None;

        WorkerGrant? GivenTo(RateLimiterState state) => state.Grants.GetValueOrDefault(request.Worker);
    }
}
