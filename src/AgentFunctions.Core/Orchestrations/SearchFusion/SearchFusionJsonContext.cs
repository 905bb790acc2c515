using System.Text.Json.Serialization;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>The JSON shapes of SearchFusion and of what it hands to activities.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SearchFusionInput))]
[JsonSerializable(typeof(SearchFusionResult))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchReply))]
[JsonSerializable(typeof(ModelCall))]
[JsonSerializable(typeof(ModelReply))]
[JsonSerializable(typeof(RunProgress))]
internal sealed partial class SearchFusionJsonContext : JsonSerializerContext;
