using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Entities.Scaling;

/// <summary>The JSON shapes of scaling.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScalingEntityState))]
[JsonSerializable(typeof(WorkerReport))]
[JsonSerializable(typeof(int))]
internal sealed partial class ScalingJsonContext : JsonSerializerContext;
