using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Tools.Http;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Tools;

/// <summary>The JSON shapes of tool calls and of the built-in tools' answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ToolCall))]
[JsonSerializable(typeof(ToolReply))]
[JsonSerializable(typeof(KeptToolReply))]
[JsonSerializable(typeof(ToolInput))]
[JsonSerializable(typeof(ToolQuery))]
[JsonSerializable(typeof(ToolList))]
[JsonSerializable(typeof(WebText))]
[JsonSerializable(typeof(FileHits))]
[JsonSerializable(typeof(Dictionary<string, System.Text.Json.JsonElement>))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(long))]
internal sealed partial class ToolsJsonContext : JsonSerializerContext;
