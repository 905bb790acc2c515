using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>The JSON shapes of MCP tools' answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<McpPart>))]
[JsonSerializable(typeof(string))]
internal sealed partial class McpJsonContext : JsonSerializerContext;
