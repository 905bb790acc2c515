using System.Text.Json;
using AgentFunctions.App.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AgentFunctions.App.Triggers;

/// <summary>A function for each orchestrator of the catalog, of the same name.</summary>
/// <param name="orchestrators">Runs them.</param>
public sealed class OrchestratorTriggers(FunctionsOrchestrators orchestrators)
{
    /// <summary>Calls many tools at once.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("ToolFanOut")]
    public Task<JsonElement> ToolFanOut([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Summarises documents by map and tree reduction.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("MapReduce")]
    public Task<JsonElement> MapReduce([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Races models against each other.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("SpeculativeRace")]
    public Task<JsonElement> SpeculativeRace([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>A share of a wide fan-out.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("FanOutSlice")]
    public Task<JsonElement> FanOutSlice([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>A share of a large map-reduce.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("MapReduceSlice")]
    public Task<JsonElement> MapReduceSlice([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Lets a model call tools until it answers.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("AgentLoop")]
    public Task<JsonElement> AgentLoop([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);
}
