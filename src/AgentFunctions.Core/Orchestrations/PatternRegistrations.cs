using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Orchestrations.SpeculativeRace;
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
            .AddOrchestrator(OrchestratorReferences.ToolFanOut, new ToolFanOutOrchestrator())
            .AddOrchestrator(OrchestratorReferences.MapReduce, new MapReduceOrchestrator())
            .AddOrchestrator(OrchestratorReferences.SpeculativeRace, new SpeculativeRaceOrchestrator())
            .AddJson(AgentLoopJsonContext.Default)
            .AddOrchestrator(OrchestratorReferences.AgentLoop, new AgentLoopOrchestrator())
            .AddOrchestrator(OrchestratorReferences.FanOutSlice, new FanOutSliceOrchestrator(), isInternal: true)
            .AddOrchestrator(OrchestratorReferences.MapReduceSlice, new MapReduceSliceOrchestrator(), isInternal: true);
    }
}
