using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Orchestrations.SpeculativeRace;
using AgentFunctions.Core.Orchestrations.ToolFanOut;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>
/// The JSON shapes of the orchestrators and of what they hand to activities. An activity that a fan-out may split needs two lines:
/// FanOutSliceInput of its input and FanOutSliceResult of its output.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunProgress))]
[JsonSerializable(typeof(ToolFanOutInput))]
[JsonSerializable(typeof(ToolFanOutResult))]
[JsonSerializable(typeof(MapReduceInput))]
[JsonSerializable(typeof(MapReduceResult))]
[JsonSerializable(typeof(MapReduceSliceInput))]
[JsonSerializable(typeof(MapReduceSliceResult))]
[JsonSerializable(typeof(SpeculativeRaceInput))]
[JsonSerializable(typeof(SpeculativeRaceResult))]
[JsonSerializable(typeof(ToolCall))]
[JsonSerializable(typeof(ToolReply))]
[JsonSerializable(typeof(ModelCall))]
[JsonSerializable(typeof(ModelReply))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(ChunkSet))]
[JsonSerializable(typeof(FanOutSliceInput<JsonElement>))]
[JsonSerializable(typeof(FanOutSliceResult<JsonElement?>))]
[JsonSerializable(typeof(FanOutSliceInput<ToolCall>))]
[JsonSerializable(typeof(FanOutSliceResult<ToolReply>))]
[JsonSerializable(typeof(FanOutSliceInput<ModelCall>))]
[JsonSerializable(typeof(FanOutSliceResult<ModelReply>))]
internal sealed partial class OrchestrationsJsonContext : JsonSerializerContext;
