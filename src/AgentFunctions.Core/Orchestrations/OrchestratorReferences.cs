using System.Text.Json;
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

/// <summary>The orchestrators, by name and type. In Azure each has a function of the same name.</summary>
public static class OrchestratorReferences
{
    /// <summary>Many tool calls at once.</summary>
    public static OrchestratorReference<ToolFanOutInput, ToolFanOutResult> ToolFanOut { get; } = new("ToolFanOut");

    /// <summary>A task over documents of any length.</summary>
    public static OrchestratorReference<MapReduceInput, MapReduceResult> MapReduce { get; } = new("MapReduce");

    /// <summary>One prompt to several models; the first valid answer wins.</summary>
    public static OrchestratorReference<SpeculativeRaceInput, SpeculativeRaceResult> SpeculativeRace { get; } = new("SpeculativeRace");

    /// <summary>Many sources at once, fused into one order.</summary>
    public static OrchestratorReference<SearchFusionInput, SearchFusionResult> SearchFusion { get; } = new("SearchFusion");

    /// <summary>One prompt to several models; a vote or a judge picks one answer.</summary>
    public static OrchestratorReference<EnsembleInput, EnsembleResult> Ensemble { get; } = new("Ensemble");

    /// <summary>Steps that are compensated when one does not succeed.</summary>
    public static OrchestratorReference<SagaInput, SagaResult> Saga { get; } = new("Saga");

    /// <summary>Items through stages that overlap.</summary>
    public static OrchestratorReference<PipelineInput, PipelineResult> Pipeline { get; } = new("Pipeline");

    /// <summary>A share of a large pipeline's items.</summary>
    internal static OrchestratorReference<PipelineSliceInput, PipelineResult> PipelineSlice { get; } = new("PipelineSlice");

    /// <summary>A pause for a person's decision.</summary>
    public static OrchestratorReference<ApprovalInput, ApprovalResult> Approval { get; } = new("Approval");

    /// <summary>A graph of steps: whatever is ready runs.</summary>
    public static OrchestratorReference<TaskGraphInput, TaskGraphResult> TaskGraph { get; } = new("TaskGraph");

    /// <summary>The iterations of a task graph's repeat node.</summary>
    internal static OrchestratorReference<GraphRepeatInput, GraphRepeatResult> TaskGraphRepeat { get; } = new("TaskGraphRepeat");

    /// <summary>A model and tools, in turns, until the model answers.</summary>
    public static OrchestratorReference<AgentLoopInput, AgentLoopResult> AgentLoop { get; } = new("AgentLoop");

    /// <summary>Requests that can wait, at half the price.</summary>
    public static OrchestratorReference<BatchJobInput, BatchJobResult> BatchJob { get; } = new("BatchJob");

    /// <summary>A slice of a large fan-out.</summary>
    internal static OrchestratorReference<FanOutSliceInput<JsonElement>, FanOutSliceResult<JsonElement?>> FanOutSlice { get; } = new("FanOutSlice");

    /// <summary>A share of a large MapReduce's chunks.</summary>
    internal static OrchestratorReference<MapReduceSliceInput, MapReduceSliceResult> MapReduceSlice { get; } = new("MapReduceSlice");
}
