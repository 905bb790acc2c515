using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>The JSON shapes of the ensemble.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(EnsembleInput))]
[JsonSerializable(typeof(EnsembleResult))]
internal sealed partial class EnsembleJsonContext : JsonSerializerContext;
