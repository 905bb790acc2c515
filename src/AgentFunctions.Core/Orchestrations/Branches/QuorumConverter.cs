using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>A quorum as <c>"all"</c>, a whole number, or a number with a fraction. <c>1</c> is one branch; <c>1.0</c> is all of them.</summary>
public sealed class QuorumConverter : JsonConverter<Quorum>
{
    /// <summary>Reads a quorum; whether it fits the number of branches is checked where that is known.</summary>
    /// <param name="reader">The JSON.</param>
    /// <param name="typeToConvert">Quorum.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="JsonException">It is no quorum.</exception>
    public override Quorum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt32(out var count)) return Quorum.AtLeast(count);
            if (reader.TryGetDecimal(out var fraction)) return Quorum.Part(fraction);
        }

        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text == "all" ? Quorum.All : throw new JsonException($"'{text ?? reader.TokenType.ToString()}' is no quorum. Write \"all\", a number of branches such as 3, or a fraction such as 0.5.");
    }

    /// <summary>Writes a quorum.</summary>
    /// <param name="writer">The JSON.</param>
    /// <param name="value">The quorum.</param>
    /// <param name="options">The options.</param>
    public override void Write(Utf8JsonWriter writer, Quorum value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value.Count is { } count) writer.WriteNumberValue(count);
        else if (value.Fraction is { } fraction) writer.WriteNumberValue(fraction);
        else writer.WriteStringValue("all");
    }
}
