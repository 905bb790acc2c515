using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Hosting;

/// <summary>Makes the hosts that the suite runs against. An engine that wants to pass writes one of these, and a line for each suite.</summary>
public interface IConformanceHosts
{
    /// <summary>Starts a host with an empty store.</summary>
    /// <param name="catalog">What it runs.</param>
    /// <param name="services">What activities are made from; it has an ILoggerFactory for replay-safe loggers.</param>
    /// <param name="flavour">How it runs orchestrators.</param>
    Task<IConformanceHost> StartAsync(Catalog catalog, IServiceProvider services, HostFlavour flavour);
}
