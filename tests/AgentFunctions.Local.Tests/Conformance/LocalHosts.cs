using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Client;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Conformance;

/// <summary>Embedded engines for the suite, each with its journal in a folder of its own.</summary>
public sealed class LocalHosts : IConformanceHosts
{
    public static LocalHosts Instance { get; } = new();

    public async Task<IConformanceHost> StartAsync(Catalog catalog, IServiceProvider services, HostFlavour flavour)
    {
        var host = new Host(services, flavour);
        await host.StartAgainAsync(catalog);
        return host;
    }

    private sealed class Host(IServiceProvider services, HostFlavour flavour) : IRestartableHost
    {
        private readonly string folder = Directory.CreateTempSubdirectory("agentfunctions-conformance-").FullName;
        private LocalEngine? engine;
        private IJournalStorage? storage;
        private LocalRunClient? client;

        // Machines of CI are shared: what hangs is noticed a little later, and what is only slow does not fail.
        public TimeSpan Patience => TimeSpan.FromMinutes(flavour == HostFlavour.ForcedReplay ? 3 : 1);

        public IRunClient Client => client ?? throw new InvalidOperationException("The host is down.");

        public Task StartAgainAsync(Catalog catalog)
        {
            storage = new PhysicalJournalStorage(folder);
            var options = new EngineOptions { ReplayEveryTurn = flavour == HostFlavour.ForcedReplay };
            engine = new LocalEngine(catalog, services, storage, new JournalOptions(), options, TimeProvider.System, services.GetRequiredService<ILoggerFactory>());
            client = new LocalRunClient(engine, catalog);
            return Task.CompletedTask;
        }

        public async Task CrashAsync()
        {
            await engine!.StopAsync(orderly: false);
            storage!.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            await engine!.DisposeAsync();
            storage!.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
