using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Entities.CircuitBreaker;

/// <summary>
/// What all workers know together of a deployment or a tool that may break. Workers tell it transitions and no more: that it opened, that one asks to probe, that it
/// closed. They learn by reading its state. An operation that comes twice, or too late, changes nothing.
/// </summary>
public sealed class CircuitBreakerEntity : Entity<SharedCircuitState>
{
    /// <summary>The registered name.</summary>
    public const string Name = "circuitbreaker";

    /// <summary>Makes the entity.</summary>
    public CircuitBreakerEntity() => On(Tell, (state, news, context) =>
    {
        var next = SharedCircuit.After(state, news, context.UtcNow);
        return (next, next);
    });

    /// <summary>Takes a worker's news, and answers with the state after them.</summary>
    public static EntityOperation<CircuitTell, SharedCircuitState> Tell { get; } = new("tell");

    /// <inheritdoc/>
    protected override SharedCircuitState InitialState { get; } = new();
}
