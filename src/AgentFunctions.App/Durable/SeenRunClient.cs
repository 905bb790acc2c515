using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Durable;

/// <summary>
/// The client that a function of this worker was last given. Durable Functions gives clients to functions and not to the service container, while what
/// workers share by entities (limits, circuits, budgets, scaling) needs one for the calls of all functions. The extension makes one client for a task hub and keeps it as long as the process lives.
/// </summary>
internal sealed class SeenRunClient : IEngineClient
{
    private volatile IRunClient? current;

    /// <inheritdoc/>
    public IRunClient? Current => current;

    /// <summary>Remembers a client.</summary>
    public void See(IRunClient client) => current = client;
}
