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
        try
        {
            var registration = catalog.Orchestrator(context.Name.Name);
            var (header, input) = RunEnvelope.Open(context.GetInput<JsonElement>());
            using var own = new FunctionsOrchestrationContext(context, catalog, header);
            var failed = true;
            try
            {
                var output = DurableJson.Parse(await registration.RunAsync(own, DurableJson.Write(input, catalog.Json), catalog.Json));
                await ResultAnnouncement.PublishAsync(own, output);
                failed = false;
                return output;
            }
            catch (Exception e)
            {
                await ResultAnnouncement.PublishFailureAsync(own, e);
                throw;
            }
            finally
            {
                own.End(failed);
            }
        }
        catch (Exception e)
        {
            throw FailureText.ToThrow(e, null, catalog.Json);
        }
    }
}
