using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Results;

/// <summary>The JSON shapes of published results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(RunResultData))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(TurnStarted))]
[JsonSerializable(typeof(TokenText))]
[JsonSerializable(typeof(ToolCallText))]
internal sealed partial class ResultsJsonContext : JsonSerializerContext;

/// <summary>How events are written, whatever catalog they come from.</summary>
public static class ResultsJson
{
    /// <summary>The options.</summary>
    public static System.Text.Json.JsonSerializerOptions Options { get; } = DurableJson.CreateOptions(Resolver);

    private static IJsonTypeInfoResolver Resolver => JsonTypeInfoResolver.Combine(ResultsJsonContext.Default, DurableJsonContext.Default);
}
