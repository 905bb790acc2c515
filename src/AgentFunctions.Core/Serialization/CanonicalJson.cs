using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentFunctions.Core.Serialization;

/// <summary>JSON in one form: properties sorted by name as RFC 8785 sorts them (section 3.2.3), no white space. Unlike there, numbers keep their digits (1 and 1.0 are two values), and lone surrogates stay apart, as escapes.</summary>
internal static class CanonicalJson
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>A value in that form.</summary>
    public static string Write(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(value, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a value in that form, as UTF-8.</summary>
    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var separator = "{"u8;
                foreach (var (name, item) in value.EnumerateObject().Select(property => (Name: NameOf(property), property.Value)).OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    output.Write(separator);
                    separator = ","u8;
                    WriteText(name, output);
                    output.Write(":"u8);
                    Write(item, output);
                }

                output.Write(separator[0] == '{' ? "{}"u8 : "}"u8);
                break;
            case JsonValueKind.Array:
                var first = true;
                output.Write("["u8);
                foreach (var item in value.EnumerateArray())
                {
                    if (!first) output.Write(","u8);
                    first = false;
                    Write(item, output);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteText(TextOf(value), output);
                break;
            case JsonValueKind.Undefined:
                throw new InvalidOperationException("There is no JSON value to write.");
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    /// <summary>Writes a text as a JSON string; texts that differ in lone surrogates only are written differently.</summary>
    public static void WriteText(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (!text.IsEmpty)
        {
            var whole = LengthBeforeLoneSurrogate(text);
            if (whole > 0) output.Write(JsonEncodedText.Encode(text[..whole], Encoder).EncodedUtf8Bytes);
            if (whole == text.Length) break;
            output.Write(Encoding.ASCII.GetBytes($"\\u{(int)text[whole]:x4}"));
            text = text[(whole + 1)..];
        }

        output.Write("\""u8);
    }

    private static int LengthBeforeLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }

        return text.Length;
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Escaped lone surrogates, which no string reader takes.
            return Unescape(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = Strict.GetString(raw);
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            var escape = text[++i];
            if (escape == 'u')
            {
                plain.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                plain.Append(escape switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => escape });
            }
        }

        return plain.ToString();
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
