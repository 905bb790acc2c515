namespace AgentFunctions.Core.Durable;

/// <summary>Gives what workers share by entities (limits, circuits, budgets, scaling) the engine's client.</summary>
public interface IEngineClient
{
    /// <summary>The client; null where the host has none, or none yet: then nothing is shared.</summary>
    IRunClient? Current { get; }
}

/// <summary>How parts of a host that share something use the client.</summary>
internal static class EngineClients
{
    /// <summary>The client, where it has been there before.</summary>
    /// <exception cref="InvalidOperationException">The host has none any more.</exception>
    public static IRunClient Get(this IEngineClient client) => client.Current ?? throw new InvalidOperationException("The host has no engine's client any more. Restart it.");
}

/// <summary>The client that a host has among its services.</summary>
/// <param name="find">Finds it; asked for with each use, as it may be made late.</param>
internal sealed class HostEngineClient(Func<IRunClient?> find) : IEngineClient
{
    /// <inheritdoc/>
    public IRunClient? Current => find();
}
