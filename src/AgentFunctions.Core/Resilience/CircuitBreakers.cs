using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Circuits;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Resilience;

/// <summary>The circuits of a host: one for each deployment and each tool. One set for a process, as each counts as a worker of its own.</summary>
public sealed partial class CircuitBreakers : IDisposable
{
    /// <summary>How many services tools may stand for before the rest of them shares the tool's own circuit.</summary>
    private const int MostCircuits = 2_000;

    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TargetCircuit> byKey = new(StringComparer.Ordinal);
    private readonly ResilienceOptions options;
    private readonly CircuitHost host;

    /// <summary>Makes them; nothing is asked for yet.</summary>
    /// <param name="options">When they open.</param>
    /// <param name="share">Where workers share them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Counts what they do.</param>
    /// <param name="loggers">Makes the log of what they do.</param>
    /// <param name="draw">Gives random numbers, 0 inclusive to 1 exclusive, to any thread. Default: the system's.</param>
    public CircuitBreakers(ResilienceOptions options, ICircuitShare share, TimeProvider time, ResilienceMetrics metrics, ILoggerFactory loggers, Func<double>? draw = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(loggers);
        this.options = options;
        host = new CircuitHost(Worker, share, options.ShareEvery, time, draw ?? Random.Shared.NextDouble, metrics, loggers.CreateLogger<CircuitBreakers>());
    }

    /// <summary>This process' name among the workers: not that of any other, nor of its own earlier lives.</summary>
    public string Worker { get; } = WorkerName.New();

    /// <summary>All of them, by the names of what they are for.</summary>
    public IReadOnlyList<TargetCircuit> All => [.. byKey.Values.OrderBy(circuit => circuit.Target.Key, StringComparer.Ordinal)];

    /// <summary>The circuit of a model at an endpoint; null where there are to be none.</summary>
    /// <param name="deployment">Its name: model@host.</param>
    public TargetCircuit? OfDeployment(string deployment) => options.Models.Enabled ? Of(new CircuitTarget(CircuitKind.Deployment, deployment), options.Models.Settings) : null;

    /// <summary>The circuit of a tool; null where it is to have none.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="service">Which of the services that it stands for is called. Default: it is one.</param>
    public TargetCircuit? OfTool(string tool, string? service = null)
    {
        var set = options.PerTool.TryGetValue(tool, out var own) ? own.Over(options.Tools) : options.Tools;
        if (!set.Enabled) return null;
        var name = service is null ? tool : $"{tool}@{service}";
        return Of(new CircuitTarget(CircuitKind.Tool, service is not null && byKey.Count >= MostCircuits && !byKey.ContainsKey($"tool:{name}") ? tool : name), set.Settings);
    }

    /// <summary>Where all of them stand; those whose shared state can't be read now, as this worker sees them.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<CircuitsReport> ReportAsync(CancellationToken cancellationToken) => new(Worker, await Task.WhenAll(All.Select(circuit => ReportAsync(circuit, cancellationToken))));

    /// <summary>Ends what runs in the background.</summary>
    public void Dispose()
    {
        foreach (var circuit in byKey.Values) circuit.Dispose();
    }

    private TargetCircuit Of(CircuitTarget target, CircuitSettings settings) =>
        byKey.TryGetValue(target.Key, out var known) ? known : byKey.GetOrAdd(target.Key, _ => new TargetCircuit(target, settings, host));

    private async Task<CircuitReport> ReportAsync(TargetCircuit circuit, CancellationToken cancellationToken)
    {
        var here = circuit.Status();
        if (!host.Share.IsThere) return Alone(circuit.Target, here);
        SharedCircuitState shared;
        try
        {
            shared = await host.Share.ReadAsync(circuit.Target, cancellationToken).WaitAsync(ReadPatience, host.Time, cancellationToken) ?? new();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // While the store is away is when somebody looks.
            LogUnread(host.Logger, error, circuit.Target);
            return Alone(circuit.Target, here);
        }

        var probe = shared.Probe is { } held && held.Until > host.Time.GetUtcNow() ? held : null;
        return new CircuitReport
        {
            Target = circuit.Target.Name,
            Kind = circuit.Target.Kind,
            Shared = true,
            State = !shared.IsOpen ? CircuitPhase.Closed : probe is null ? CircuitPhase.Open : CircuitPhase.HalfOpen,
            Since = shared.Since,
            OpenUntil = shared.OpenUntil,
            Failures = shared.Failures,
            Opened = shared.Opened,
            LastFailure = shared.LastFailure,
            Prober = probe?.Worker,
            Here = here,
        };
    }

    private static CircuitReport Alone(CircuitTarget target, CircuitHere here) =>
        new() { Target = target.Name, Kind = target.Kind, Shared = false, State = here.State, Since = here.Since, OpenUntil = here.OpenUntil, Failures = here.Failures, Opened = here.Opened, Here = here };

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "What all workers know of the {Target} can't be read: what is reported of it is this worker's own.")]
    private static partial void LogUnread(ILogger logger, Exception error, CircuitTarget target);
}
