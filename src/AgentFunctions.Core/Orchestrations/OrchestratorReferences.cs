using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.AgentLoop;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Orchestrations.SpeculativeRace;
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

    /// <summary>A model and tools, in turns, until the model answers.</summary>
    public static OrchestratorReference<AgentLoopInput, AgentLoopResult> AgentLoop { get; } = new("AgentLoop");

    /// <summary>A slice of a large fan-out.</summary>
    internal static OrchestratorReference<FanOutSliceInput<JsonElement>, FanOutSliceResult<JsonElement?>> FanOutSlice { get; } = new("FanOutSlice");

    /// <summary>A share of a large MapReduce's chunks.</summary>
    internal static OrchestratorReference<MapReduceSliceInput, MapReduceSliceResult> MapReduceSlice { get; } = new("MapReduceSlice");
}
