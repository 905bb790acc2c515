using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Benchmarks.Caches;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class CacheBenchJson : JsonSerializerContext;
