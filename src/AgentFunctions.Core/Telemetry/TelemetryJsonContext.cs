using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Telemetry;

/// <summary>The JSON shapes of this room, for <see cref="Durable.CatalogBuilder.AddJson"/>.</summary>
public static class TelemetryJson
{
    /// <summary>Knows <see cref="Timeline"/> and all that it holds.</summary>
    public static IJsonTypeInfoResolver Resolver => TelemetryJsonContext.Default;
}

/// <summary>The JSON shapes of timelines.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Timeline))]
internal sealed partial class TelemetryJsonContext : JsonSerializerContext;
