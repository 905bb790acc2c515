using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Activities;

/// <summary>The JSON shapes of batches.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BatchSubmission))]
[JsonSerializable(typeof(BatchState))]
[JsonSerializable(typeof(BatchReading))]
[JsonSerializable(typeof(BatchOutcomes))]
[JsonSerializable(typeof(IReadOnlyList<BatchItem>))]
[JsonSerializable(typeof(IReadOnlyList<BatchOutcome>))]
internal sealed partial class BatchJsonContext : JsonSerializerContext;
