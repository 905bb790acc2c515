using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Entities.Session;

/// <summary>The JSON shapes of sessions.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionHead))]
[JsonSerializable(typeof(SessionAppend))]
[JsonSerializable(typeof(SessionWrite))]
internal sealed partial class SessionJsonContext : JsonSerializerContext;
