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
    public async Task<JsonElement> RunAsync(string name, JsonElement input, CancellationToken stopping)
    {
        try
        {
            var envelope = input.Deserialize(AppJsonContext.Default.ActivityEnvelope)
                ?? throw new PermanentFailureException($"The activity '{name}' got null instead of its envelope. Call it from an orchestrator of this app.");
            using var lease = watch.Watch(envelope.InstanceId, envelope.CallId, stopping);
            var output = await catalog.Activities[name].RunAsync(services, new ActivityContext(envelope.InstanceId, name, envelope.CallId), DurableJson.Write(envelope.Input, catalog.Json), catalog.Json, lease.Token);
            return DurableJson.Parse(output);
        }
        catch (Exception e)
        {
            throw FailureText.ToThrow(e, name, catalog.Json);
        }
    }
}
