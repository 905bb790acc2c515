using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.App.Durable;

/// <summary>Runs the catalog's activities on Durable Functions.</summary>
public sealed class FunctionsActivities
{
    private readonly Catalog catalog;
    private readonly IServiceProvider services;
    private readonly CancellationWatch watch;

    internal FunctionsActivities(Catalog catalog, IServiceProvider services, CancellationWatch watch) =>
        (this.catalog, this.services, this.watch) = (catalog, services, watch);

    /// <summary>Runs one.</summary>
    /// <param name="name">Which.</param>
    /// <param name="input">The envelope that the orchestrator's adapter wrote.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    public Task<JsonElement> RunAsync(string name, JsonElement input, CancellationToken stopping) => RunAsync(name, input, services, stopping);

    /// <summary>Runs one that acts on runs.</summary>
    /// <param name="name">Which.</param>
    /// <param name="input">The envelope that the orchestrator's adapter wrote.</param>
    /// <param name="client">The client that its function is bound to.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    public Task<JsonElement> RunAsync(string name, JsonElement input, IRunClient client, CancellationToken stopping) =>
        RunAsync(name, input, new WithClient(services, client), stopping);

    private async Task<JsonElement> RunAsync(string name, JsonElement input, IServiceProvider from, CancellationToken stopping)
    {
        try
        {
            var envelope = input.Deserialize(AppJsonContext.Default.ActivityEnvelope)
                ?? throw new PermanentFailureException($"The activity '{name}' got null instead of its envelope. Call it from an orchestrator of this app.");
            using var lease = watch.Watch(RunHeader.CancellationKey(envelope.InstanceId, RunHeader.EpochOf(envelope.CallId)), envelope.CallId, stopping);
            var output = await catalog.Activities[name].RunAsync(from, new ActivityContext(envelope.InstanceId, name, envelope.CallId), DurableJson.Write(envelope.Input, catalog.Json), catalog.Json, lease.Token);
            return DurableJson.Parse(output);
        }
        catch (Exception e)
        {
            throw FailureText.ToThrow(e, name, catalog.Json);
        }
    }

    /// <summary>Durable Functions gives clients to functions and not to the service container.</summary>
    private sealed class WithClient(IServiceProvider services, IRunClient client) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IRunClient) ? client : services.GetService(serviceType);
    }
}
