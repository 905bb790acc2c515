using System.Text.Json.Serialization;
using AgentFunctions.Core.Activities;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>The JSON shapes of the pipeline.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PipelineInput))]
[JsonSerializable(typeof(PipelineResult))]
[JsonSerializable(typeof(PipelineSliceInput))]
[JsonSerializable(typeof(ItemCall))]
[JsonSerializable(typeof(ItemReply))]
internal sealed partial class PipelineJsonContext : JsonSerializerContext;
