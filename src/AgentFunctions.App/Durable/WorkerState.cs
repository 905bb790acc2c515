using AgentFunctions.Api;
using Microsoft.Extensions.Hosting;

namespace AgentFunctions.App.Durable;

/// <summary>What requests need to know of this worker: from the moment the Functions host asks it to stop it starts nothing new, over HTTP or from the queue.</summary>
/// <param name="lifetime">The worker's life; null where nobody tells of it, and it never stops.</param>
internal sealed class WorkerState(IHostApplicationLifetime? lifetime) : IHostState
{
    /// <inheritdoc/>
    public bool Draining => DrainToken.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken DrainToken => lifetime?.ApplicationStopping ?? CancellationToken.None;
}
