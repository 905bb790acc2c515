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

    /// <summary>Searches many sources at once and fuses what they find.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("SearchFusion")]
    public Task<JsonElement> SearchFusion([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Asks several models and makes one answer of theirs.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("Ensemble")]
    public Task<JsonElement> Ensemble([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Runs steps that are compensated when one does not succeed.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("Saga")]
    public Task<JsonElement> Saga([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Lets items flow through stages that overlap.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("Pipeline")]
    public Task<JsonElement> Pipeline([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>A share of a large pipeline's items.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("PipelineSlice")]
    public Task<JsonElement> PipelineSlice([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Waits for a person's decision.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("Approval")]
    public Task<JsonElement> Approval([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Runs a graph of steps.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("TaskGraph")]
    public Task<JsonElement> TaskGraph([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>The iterations of a task graph's repeat node.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("TaskGraphRepeat")]
    public Task<JsonElement> TaskGraphRepeat([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Lets a model call tools until it answers.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("AgentLoop")]
    public Task<JsonElement> AgentLoop([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    /// <summary>Sends requests that can wait to the provider's batch API.</summary>
    /// <param name="context">Durable Functions' context.</param>
    [Function("BatchJob")]
    public Task<JsonElement> BatchJob([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);
}
