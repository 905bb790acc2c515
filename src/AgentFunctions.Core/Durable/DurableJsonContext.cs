using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Durable;

/// <summary>The JSON shapes of the seam itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(HistoryStep))]
[JsonSerializable(typeof(FailureDetails))]
[JsonSerializable(typeof(Content))]
[JsonSerializable(typeof(ContentRef))]
[JsonSerializable(typeof(Cost))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonElement?))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(TimeSpan))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class DurableJsonContext : JsonSerializerContext;
