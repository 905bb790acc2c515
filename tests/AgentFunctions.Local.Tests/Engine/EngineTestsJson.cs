using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Conformance.Catalogs;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>The JSON shapes of these tests.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CounterState))]
[JsonSerializable(typeof(FlakyState))]
[JsonSerializable(typeof(Fussy))]
[JsonSerializable(typeof(OneWay))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class EngineTestsJson : JsonSerializerContext;

/// <summary>A type that refuses values in its constructor, as records that validate do.</summary>
internal sealed record Fussy(int Value)
{
    public int Value { get; } = Value >= 0 ? Value : throw new InvalidOperationException($"{Value} is negative.");
}

/// <summary>A type that can be written and not read.</summary>
[JsonConverter(typeof(OneWayConverter))]
internal sealed record OneWay(int Value);

internal sealed class OneWayConverter : JsonConverter<OneWay>
{
    public override OneWay Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new InvalidTimeZoneException("nobody wrote this converter's other half");

    public override void Write(Utf8JsonWriter writer, OneWay value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>An entity's state that can't be written while <see cref="Broken"/> is set.</summary>
internal sealed record FlakyState
{
    public static bool Broken { get; set; }

    public int Value => Broken ? throw new InvalidOperationException("the state's getter is broken") : 1;
}
