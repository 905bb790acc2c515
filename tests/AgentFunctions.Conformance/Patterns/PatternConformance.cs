using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>What every host must make of a pattern: the real orchestrator with the real activities, the built-in tools and the offline model.</summary>
public abstract class PatternConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    /// <summary>Where large values are.</summary>
    protected MemoryContentStore Content { get; } = new();

    /// <summary>Starts the host with everything that this project runs.</summary>
    /// <param name="add">Services of the test, such as tools; they come after the host's own. Default: none.</param>
    /// <param name="extend">Orchestrators and activities of the test. Default: none.</param>
    protected Task PatternHostAsync(Action<IServiceCollection>? add = null, Action<CatalogBuilder>? extend = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(Ledger)
            .AddSingleton<ILoggerFactory>(new CapturedLogs(Ledger))
            .AddSingleton<IContentStore>(Content)
            .AddTools()
            .AddSearch()
            .AddModels(new ModelOptions())
            .AddChunkReader();
        add?.Invoke(services);
        return HostAsync(AgentFunctionsCatalog.Create(extend), services.BuildServiceProvider());
    }

    /// <summary>Starts a run as the HTTP API does: validated, and with its large parts stored.</summary>
    /// <param name="orchestrator">The orchestrator's name.</param>
    /// <param name="input">The input's JSON.</param>
    /// <param name="instanceId">The run's ID. Default: a new one.</param>
    protected async Task<string> BeginAsync(string orchestrator, JsonElement input, string? instanceId = null)
    {
        var registration = AgentFunctionsCatalog.Create().Orchestrator(orchestrator);
        Assert.Empty(registration.Validate(input, Json).ByPath);
        var prepared = await registration.PrepareAsync(input, Content, Json, Patience);
        return (await Client.StartAsync(registration.Name, prepared, new StartOptions { InstanceId = instanceId }, Patience)).InstanceId;
    }

    /// <summary>Runs an example of docs/examples to its result.</summary>
    /// <param name="orchestrator">The orchestrator.</param>
    /// <param name="file">The example's file name.</param>
    protected async Task<TOutput> ExampleAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, string file)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return await ResultOfAsync<TOutput>(await BeginAsync(orchestrator.Name, await ExampleInputAsync(file)));
    }

    /// <summary>Runs an input to its result.</summary>
    /// <param name="orchestrator">The orchestrator.</param>
    /// <param name="input">The input.</param>
    protected async Task<TOutput> ResultAsync<TInput, TOutput>(OrchestratorReference<TInput, TOutput> orchestrator, TInput input)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return await ResultOfAsync<TOutput>(await BeginAsync(orchestrator.Name, ToJson(input)));
    }

    /// <summary>The input of an example of docs/examples.</summary>
    /// <param name="file">The example's file name.</param>
    protected static async Task<JsonElement> ExampleInputAsync(string file)
    {
        await using var resource = typeof(PatternConformance).Assembly.GetManifestResourceStream(file) ?? throw new FileNotFoundException($"There is no docs/examples/{file}.", file);
        using var bytes = new MemoryStream();
        await resource.CopyToAsync(bytes);
        return DurableJson.Parse(bytes.ToArray());
    }
}
