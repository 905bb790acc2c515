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
internal sealed class PatternHost(ILocalHost host, SimulatedModels models, CallRecord record) : IAsyncDisposable
{
    public IRunClient Client => host.Client;

    public CallRecord Record => record;

    public SimulatedModels Models => models;

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
        return new PatternHost(await factory.StartAsync(new LocalHostOptions { DataDirectory = folder, MinimumLogLevel = LogLevel.Warning }, CancellationToken.None), models, record);
    }

    /// <summary>Runs it, and says how long the client waited from start to result.</summary>
    public async Task<FinishedRun> RunAsync(string orchestrator, JsonElement input, Func<IRunClient, string, Task>? meanwhile = null)
    {
        var from = Stopwatch.GetTimestamp();
        var started = await Client.StartAsync(orchestrator, input, new StartOptions());
        if (meanwhile is not null) await meanwhile(Client, started.InstanceId);
        var ended = await Client.WaitForCompletionAsync(started.InstanceId);
        var milliseconds = Bench.Milliseconds(from);
        if (ended.RuntimeStatus != RuntimeStatus.Completed) throw new InvalidOperationException($"A run of {orchestrator} ended {ended.RuntimeStatus}: {ended.Failure?.Message}");
        if (ended.Output is { ValueKind: JsonValueKind.Object } output && output.TryGetProperty("complete", out var complete) && !complete.GetBoolean()) throw new InvalidOperationException($"A run of {orchestrator} is not complete: {output}");
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
