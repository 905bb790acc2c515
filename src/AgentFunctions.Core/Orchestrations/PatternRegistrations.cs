using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Approval;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Orchestrations.BatchJob;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.Ensemble;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Orchestrations.SearchFusion;
using AgentFunctions.Core.Orchestrations.Pipeline;
using AgentFunctions.Core.Orchestrations.Saga;
using AgentFunctions.Core.Orchestrations.SpeculativeRace;
using AgentFunctions.Core.Orchestrations.TaskGraph;
using AgentFunctions.Core.Orchestrations.ToolFanOut;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>Adds the patterns to a catalog.</summary>
public static class PatternRegistrations
{
    /// <summary>Adds the orchestrators, those that only other orchestrators start, and their JSON. The activities they call are added elsewhere.</summary>
    /// <param name="builder">The catalog's builder.</param>
    public static CatalogBuilder AddPatterns(this CatalogBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddJson(OrchestrationsJsonContext.Default)
            .AddJson(ApprovalJsonContext.Default)
            .AddJson(TaskGraphJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.ToolFanOut, new ToolFanOutOrchestrator())
            .AddOrchestrator(OrchestratorReferences.MapReduce, new MapReduceOrchestrator())
            .AddOrchestrator(OrchestratorReferences.SpeculativeRace, new SpeculativeRaceOrchestrator())
            .AddJson(SearchFusionJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.SearchFusion, new SearchFusionOrchestrator())
            .AddJson(EnsembleJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.Ensemble, new EnsembleOrchestrator())
            .AddJson(SagaJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.Saga, new SagaOrchestrator())
            .AddJson(PipelineJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.Pipeline, new PipelineOrchestrator())
            .AddOrchestrator(OrchestratorReferences.PipelineSlice, new PipelineSliceOrchestrator(), isInternal: true)
            .AddOrchestrator(OrchestratorReferences.Approval, new ApprovalOrchestrator())
            .AddOrchestrator(OrchestratorReferences.TaskGraph, new TaskGraphOrchestrator())
            .AddOrchestrator(OrchestratorReferences.TaskGraphRepeat, new GraphRepeatOrchestrator(), isInternal: true)
            .AddJson(AgentLoopJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.AgentLoop, new AgentLoopOrchestrator())
            .AddJson(BatchJobJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.BatchJob, new BatchJobOrchestrator())
            .AddOrchestrator(OrchestratorReferences.FanOutSlice, new FanOutSliceOrchestrator(), isInternal: true)
            .AddOrchestrator(OrchestratorReferences.MapReduceSlice, new MapReduceSliceOrchestrator(), isInternal: true);
    }
}
