using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>Gives limiters the engine's client, by which they reach their entities.</summary>
public interface ILimiterClient
{
    /// <summary>The client; null where the host has none, or none yet: then there are no limits.</summary>
    IRunClient? Current { get; }
}

/// <summary>The client that a host has among its services.</summary>
/// <param name="find">Finds it; asked for with each use, as it may be made late.</param>
internal sealed class HostLimiterClient(Func<IRunClient?> find) : ILimiterClient
{
    /// <inheritdoc/>
    public IRunClient? Current => find();
}
