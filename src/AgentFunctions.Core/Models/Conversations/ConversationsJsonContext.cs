using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Models.Conversations;

/// <summary>The JSON shapes of conversations, in history and in the content store.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChatCall))]
[JsonSerializable(typeof(ChatReply))]
[JsonSerializable(typeof(ConversationDelta))]
[JsonSerializable(typeof(ModelToolCall))]
internal sealed partial class ConversationsJsonContext : JsonSerializerContext;
