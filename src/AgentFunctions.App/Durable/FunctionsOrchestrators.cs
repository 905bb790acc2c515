using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.DurableTask;

namespace AgentFunctions.App.Durable;

/// <summary>Runs the catalog's orchestrators on Durable Functions.</summary>
/// <param name="catalog">What there is.</param>
public sealed class FunctionsOrchestrators(Catalog catalog)
{
    /// <summary>Runs one.</summary>
    /// <param name="context">Durable Functions' context; its name is the orchestrator's.</param>
    /// <returns>The result.</returns>
    public async Task<JsonElement> RunAsync(TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var registration = catalog.Orchestrator(context.Name.Name);
        var input = DurableJson.Write(context.GetInput<JsonElement>(), catalog.Json);
        try
        {
            return DurableJson.Parse(await registration.RunAsync(new FunctionsOrchestrationContext(context, catalog), input, catalog.Json));
        }
        catch (Exception e) when (e is not StepFailedException)
        {
            throw FailureText.ToThrow(e, null, catalog.Json);
        }
    }
}
