using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Hosting;

/// <summary>A host that can be stopped as by <c>kill -9</c> and started again on the same data.</summary>
public interface IRestartableHost : IConformanceHost
{
    /// <summary>
    /// Stops at once: nothing is flushed, nothing ends in order. What the client has acknowledged must be on the data; what its activities
    /// return from now on must not be recorded.
    /// </summary>
    Task CrashAsync();

    /// <summary>Starts again on the same data. <see cref="IConformanceHost.Client"/> is the new host's from then on.</summary>
    /// <param name="catalog">What the new host runs: the same catalog, or a changed one.</param>
    Task StartAgainAsync(Catalog catalog);
}
