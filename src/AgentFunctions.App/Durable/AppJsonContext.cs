using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.App.Durable;

/// <summary>The JSON shapes of the adapters.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ActivityEnvelope))]
[JsonSerializable(typeof(CallCancellation))]
[JsonSerializable(typeof(RunEnvelope))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class AppJsonContext : JsonSerializerContext;
