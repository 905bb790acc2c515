using AgentFunctions.Local.CommandLine;

namespace AgentFunctions.Local;

/// <summary>Starts embedded hosts.</summary>
internal sealed class LocalHostFactory : ILocalHostFactory
{
    /// <inheritdoc/>
    public Task<ILocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This build has no engine. Build it from a revision that has Local/Engine.");
}
