using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Activities;

/// <summary>The JSON shapes of the activities' own inputs and outputs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(ChunkSet))]
[JsonSerializable(typeof(ChunkTable))]
[JsonSerializable(typeof(VoteRequest))]
[JsonSerializable(typeof(AnswerVote))]
[JsonSerializable(typeof(ItemCall))]
[JsonSerializable(typeof(ItemReply))]
internal sealed partial class ActivitiesJsonContext : JsonSerializerContext;
