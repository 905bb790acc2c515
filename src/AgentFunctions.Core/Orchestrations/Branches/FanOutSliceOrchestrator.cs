using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>One slice of a large fan-out: a run of its own, so that the parent's history holds one step for it. It serves every activity.</summary>
internal sealed class FanOutSliceOrchestrator : Orchestrator<FanOutSliceInput<JsonElement>, FanOutSliceResult<JsonElement?>>
{
    public override async Task<FanOutSliceResult<JsonElement?>> RunAsync(OrchestrationContext context, FanOutSliceInput<JsonElement> input)
    {
        var activity = new ActivityReference<JsonElement, JsonElement?>(input.Activity);
        return new(await FanOut.RunAsync(context, activity, input.Branches, input.Options));
    }
}
