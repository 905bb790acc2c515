using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;

namespace AgentFunctions.App.Durable;

/// <summary>
/// The client that a function of this worker was last given. Durable Functions gives clients to functions and not to the service container, while the limiters, which
/// calls of many functions share, need one between them. The extension makes one client for a task hub and keeps it as long as the process lives.
/// </summary>
internal sealed class SeenRunClient : ILimiterClient
{
    private volatile IRunClient? current;

    /// <inheritdoc/>
    public IRunClient? Current => current;

    /// <summary>Remembers a client.</summary>
    public void See(IRunClient client) => current = client;
}
