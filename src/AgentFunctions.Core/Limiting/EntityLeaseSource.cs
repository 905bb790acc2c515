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
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public async Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var client = runs();
        var id = EntityReferences.RateLimiter(deployment);
        var began = time.GetTimestamp();
        await client.SignalEntityAsync(id, RateLimiterEntity.Lease, request, cancellationToken);
        for (var pause = First; time.GetElapsedTime(began) < Patience; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            var state = await client.GetEntityStateAsync<RateLimiterState>(id, cancellationToken);
            if (state is not null && state.Grants.TryGetValue(request.Worker, out var given) && given.Lease >= request.Lease) return given.Lease == request.Lease ? given.Grant : PermitGrant.None;
            await Task.Delay(pause, time, cancellationToken);
        }

        throw new TimeoutException($"The limiter of '{deployment}' did not answer within {Patience}. Look at the task hub: its entity '{id}' is not being served.");
    }
}
