using System.Text.Json.Serialization;

namespace AgentFunctions.Conformance.Catalogs;

/// <summary>The JSON shapes of the suite's own types.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CounterState))]
[JsonSerializable(typeof(Sample))]
[JsonSerializable(typeof(Priced))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Guid[]))]
[JsonSerializable(typeof(DateTimeOffset[]))]
internal sealed partial class ConformanceJsonContext : JsonSerializerContext;
