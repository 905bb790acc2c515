namespace AgentFunctions.Core.Durable;

/// <summary>Gives what workers share by entities (limits, circuits, budgets, scaling) the engine's client.</summary>
public interface IEngineClient
{
    /// <summary>The client; null where the host has none, or none yet: then nothing is shared.</summary>
    IRunClient? Current { get; }
}

/// <summary>The client that a host has among its services.</summary>
/// <param name="find">Finds it; asked for with each use, as it may be made late.</param>
internal sealed class HostEngineClient(Func<IRunClient?> find) : IEngineClient
{
    /// <inheritdoc/>
    public IRunClient? Current => find();
}
