using System.Text.Json;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Conformance;

/// <summary>
/// What every host must pass. A host passes by deriving a class from each suite that it promises, one line each:
/// <c>public sealed class LocalTimers() : TimersConformance(LocalHosts.Instance, HostFlavour.Normal);</c> and once more with
/// <see cref="HostFlavour.ForcedReplay"/>. Each test makes its own catalog and starts its own host with an empty store.
/// </summary>
public abstract partial class ConformanceSuite(IConformanceHosts hosts, HostFlavour flavour) : IAsyncLifetime
{
    private static readonly ActivityReference<int, int> ProbeStep = new("ProbeStep");
    private static readonly OrchestratorReference<int, int> Probe = new("Probe");
    private readonly List<Gate> gates = [];
    private readonly CancellationTokenSource patience = new();
    private IConformanceHost? host;
    private Catalog? catalog;
    private IServiceProvider? services;

    /// <summary>How the host runs orchestrators.</summary>
    protected HostFlavour Flavour { get; } = flavour;

    /// <summary>What the effects did.</summary>
    protected Ledger Ledger { get; } = new();

    /// <summary>The running host.</summary>
    protected IConformanceHost Host => host ?? throw new InvalidOperationException("No host runs yet. Call HostAsync first.");

    /// <summary>The running host's client.</summary>
    protected IRunClient Client => Host.Client;

    /// <summary>How values cross history.</summary>
    protected JsonSerializerOptions Json => (catalog ?? throw new InvalidOperationException("No host runs yet. Call HostAsync first.")).Json;

    /// <summary>Fires when the test has waited as long as the host's <see cref="IConformanceHost.Patience"/>.</summary>
    protected CancellationToken Patience => patience.Token;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // An activity that is still held would hold a host that stops in order.
        foreach (var gate in gates)
            gate.Open();
        if (host is not null)
            await host.DisposeAsync();
        (services as IDisposable)?.Dispose();
        patience.Dispose();
    }

    /// <summary>Starts the host with this catalog.</summary>
    protected Task HostAsync(Action<CatalogBuilder> build) => HostAsync(BuildCatalog(build), new TestServices(Ledger));

    /// <summary>Starts the host with this catalog and services of its own, which are disposed of at the test's end.</summary>
    protected async Task HostAsync(Catalog whole, IServiceProvider given)
    {
        catalog = whole;
        services = given;
        host = await hosts.StartAsync(whole, given, Flavour);
        patience.CancelAfter(host.Patience);
    }

    /// <summary>Crashes the host and starts it again on the same data.</summary>
    /// <param name="changed">A changed catalog. Default: the same.</param>
    /// <param name="whileDown">What happens while it is down.</param>
    protected async Task CrashAndRestartAsync(Action<CatalogBuilder>? changed = null, Func<Task>? whileDown = null)
    {
        var restartable = Host as IRestartableHost
            ?? throw new InvalidOperationException($"{Host.GetType().Name} can't restart. Derive this suite only for a host that implements {nameof(IRestartableHost)}.");
        catalog = changed is null ? catalog! : BuildCatalog(changed);
        await restartable.CrashAsync();
        if (whileDown is not null)
            await whileDown();
        await restartable.StartAgainAsync(catalog);
    }

    /// <summary>A gate that is opened at the test's end at the latest.</summary>
    protected Gate NewGate()
    {
        var gate = new Gate();
        gates.Add(gate);
        return gate;
    }

    /// <summary>Several gates.</summary>
    protected Gate[] NewGates(int count) => [.. Enumerable.Range(0, count).Select(_ => NewGate())];

    private static Catalog BuildCatalog(Action<CatalogBuilder> build)
    {
        var builder = new CatalogBuilder()
            .AddJson(ConformanceJsonContext.Default)
            .Activity(ProbeStep, x => x + 1)
            .Orchestrator(Probe, async (context, x) =>
            {
                for (var i = 0; i < 5; i++)
                    x = await context.CallActivityAsync(ProbeStep, x);
                return x;
            });
        build(builder);
        return builder.Build();
    }
}
