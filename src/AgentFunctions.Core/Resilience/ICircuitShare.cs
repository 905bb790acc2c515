using AgentFunctions.Core.Policies.Circuits;

namespace AgentFunctions.Core.Resilience;

/// <summary>Where workers share what they know of what may break.</summary>
public interface ICircuitShare
{
    /// <summary>Whether there is such a place, now.</summary>
    bool IsThere { get; }

    /// <summary>Tells a worker's news. They may come late, twice, or in another order.</summary>
    /// <param name="target">What they are about.</param>
    /// <param name="news">The news.</param>
    /// <param name="cancellationToken">Ends the wait for their being taken.</param>
    Task TellAsync(CircuitTarget target, CircuitTell news, CancellationToken cancellationToken);

    /// <summary>What is known together; null where nothing was ever told.</summary>
    /// <param name="target">What about.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<SharedCircuitState?> ReadAsync(CircuitTarget target, CancellationToken cancellationToken);
}
