using System.Text.Json.Serialization;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>The JSON shapes of the agent loop and of what it hands to activities.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentLoopInput))]
[JsonSerializable(typeof(AgentLoopResult))]
[JsonSerializable(typeof(ChatCall))]
[JsonSerializable(typeof(ChatReply))]
[JsonSerializable(typeof(ConversationDelta))]
[JsonSerializable(typeof(ModelToolCall))]
[JsonSerializable(typeof(ToolQuery))]
[JsonSerializable(typeof(ToolList))]
internal sealed partial class AgentLoopJsonContext : JsonSerializerContext;
