using System.Text.Json.Serialization;
using AgentFunctions.Core.Activities;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>The JSON shapes of the ensemble.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(EnsembleInput))]
[JsonSerializable(typeof(EnsembleResult))]
[JsonSerializable(typeof(VoteRequest))]
[JsonSerializable(typeof(AnswerVote))]
internal sealed partial class EnsembleJsonContext : JsonSerializerContext;
