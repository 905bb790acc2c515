using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Search;

/// <summary>The JSON shapes of searches and embeddings.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchReply))]
[JsonSerializable(typeof(IReadOnlyList<InlineDocument>))]
[JsonSerializable(typeof(EmbedRequest))]
[JsonSerializable(typeof(EmbedReply))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(string))]
internal sealed partial class SearchJsonContext : JsonSerializerContext;
