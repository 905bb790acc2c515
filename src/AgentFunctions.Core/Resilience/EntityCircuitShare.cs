using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.CircuitBreaker;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Resilience;

/// <summary>Shares circuits by <see cref="CircuitBreakerEntity"/>: news are signals, and what is known is its state.</summary>
/// <param name="client">Where the engine's client comes from.</param>
public sealed class EntityCircuitShare(IEngineClient client) : ICircuitShare
{
    /// <inheritdoc/>
    public bool IsThere => client.Current is not null;

    /// <inheritdoc/>
    public Task TellAsync(CircuitTarget target, CircuitTell news, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return client.Get().SignalEntityAsync(EntityReferences.CircuitBreaker(target.Key), CircuitBreakerEntity.Tell, news, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharedCircuitState?> ReadAsync(CircuitTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return client.Get().GetEntityStateAsync<SharedCircuitState>(EntityReferences.CircuitBreaker(target.Key), cancellationToken);
    }
}
