using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>Runs a share of a large pipeline, in a history of its own.</summary>
internal sealed class PipelineSliceOrchestrator : Orchestrator<PipelineSliceInput, PipelineResult>
{
    public override Task<PipelineResult> RunAsync(OrchestrationContext context, PipelineSliceInput input) => new PipelineRun(context, input.Input, input.First, _ => { }).RunAsync();
}
