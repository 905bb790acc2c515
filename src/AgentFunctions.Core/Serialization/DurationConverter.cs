using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Serialization;

/// <summary>Durations as <c>hh:mm:ss.fff</c>, with days in front where there are any (<c>d.hh:mm:ss.fff</c>).</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    /// <summary>Reads .NET's constant format, and nothing looser.</summary>
    /// <param name="reader">The JSON.</param>
    /// <param name="typeToConvert">TimeSpan.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="JsonException">It is no duration.</exception>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text is not null && text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, ["c", @"hh\:mm\:ss\.fff", @"d\.hh\:mm\:ss\.fff"], CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException($"'{text ?? reader.TokenType.ToString()}' is no duration. Write hh:mm:ss or hh:mm:ss.fff, as in \"00:00:05\" or \"00:00:00.200\".");
    }

    /// <summary>Writes milliseconds, always three digits.</summary>
    /// <param name="writer">The JSON.</param>
    /// <param name="value">The duration.</param>
    /// <param name="options">The options.</param>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var sign = value < TimeSpan.Zero ? "-" : "";
        writer.WriteStringValue(sign + value.ToString(value.Duration() >= TimeSpan.FromDays(1) ? @"d\.hh\:mm\:ss\.fff" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture));
    }
}
