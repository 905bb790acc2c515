using System.Diagnostics;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>The embedded host as people run it, its journal and contents on disk with fsync, its models simulated providers over HTTP.</summary>
internal sealed class PatternHost(ILocalHost host, SimulatedModels models, CallRecord record, Pace pace) : IAsyncDisposable
{
    public IRunClient Client => host.Client;

    public CallRecord Record => record;

    public SimulatedModels Models => models;

    public Pace Pace => pace;

    public static async Task<PatternHost> StartAsync(string folder, Pace pace)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var record = new CallRecord();
        var models = await SimulatedModels.StartAsync(pace, record);
        var factory = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services
            .AddModels(new ModelOptions { Endpoint = models.Endpoint(ModelTiers.Balanced) })
            .AddSingleton<IModelCatalog>(models)
            .AddTool(new WorkTool(record))
            .AddTool(new WorkTool(record, "act", ToolEffect.Idempotent)));
        return new PatternHost(await factory.StartAsync(new LocalHostOptions { DataDirectory = folder, MinimumLogLevel = LogLevel.Warning }, CancellationToken.None), models, record, pace);
    }

    /// <summary>Runs it, and says how long the client waited from start to result.</summary>
    /// <exception cref="InvalidOperationException">It failed, or its result is not what the scenario says: the figures would be those of something else.</exception>
    public async Task<FinishedRun> RunAsync(Scenario scenario, JsonElement input)
    {
        var from = Stopwatch.GetTimestamp();
        var started = await Client.StartAsync(scenario.Orchestrator, input, new StartOptions());
        if (scenario.Meanwhile is { } meanwhile) await meanwhile(this, started.InstanceId);
        var ended = await Client.WaitForCompletionAsync(started.InstanceId);
        var milliseconds = Bench.Milliseconds(from);
        if (ended.RuntimeStatus != RuntimeStatus.Completed) throw new InvalidOperationException($"'{scenario.Name}' ended {ended.RuntimeStatus}: {ended.Failure?.Message}");
        var (name, value) = scenario.Expected;
        var got = ended.Output is { ValueKind: JsonValueKind.Object } output && output.TryGetProperty(name, out var found) ? found.ToString() : "nothing";
        if (!string.Equals(got, value, StringComparison.OrdinalIgnoreCase)) throw new InvalidOperationException($"'{scenario.Name}' has '{name}' {got} and should have {value}: {ended.Output}");
        return new FinishedRun(started.InstanceId, milliseconds);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await models.DisposeAsync();
    }
}

/// <summary>A run that has ended.</summary>
internal sealed record FinishedRun(string InstanceId, double Milliseconds);
