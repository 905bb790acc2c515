using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.BatchJob;

/// <summary>The JSON shapes of batch jobs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BatchJobInput))]
[JsonSerializable(typeof(BatchJobResult))]
[JsonSerializable(typeof(BatchJobProgress))]
[JsonSerializable(typeof(Activities.BatchSubmission))]
[JsonSerializable(typeof(Activities.BatchState))]
[JsonSerializable(typeof(Activities.BatchReading))]
[JsonSerializable(typeof(Activities.BatchOutcomes))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class BatchJobJsonContext : JsonSerializerContext;
