using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>The JSON shapes of the saga.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SagaInput))]
[JsonSerializable(typeof(SagaResult))]
[JsonSerializable(typeof(SagaStatus))]
[JsonSerializable(typeof(SagaResolution))]
[JsonSerializable(typeof(IReadOnlyList<SagaParked>))]
internal sealed partial class SagaJsonContext : JsonSerializerContext;
