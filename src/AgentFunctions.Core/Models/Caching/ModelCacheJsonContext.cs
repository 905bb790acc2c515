using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>The JSON shapes of kept answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptAnswer))]
[JsonSerializable(typeof(KeptVector))]
[JsonSerializable(typeof(EmbeddedText))]
internal sealed partial class ModelCacheJsonContext : JsonSerializerContext;
