using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentFunctions.Core.Results;

/// <summary>How output is kept.</summary>
public static class RunOutputJson
{
    /// <summary>JSON on one line, as its own bytes: a line break would end a field of an event stream.</summary>
    /// <param name="data">The JSON.</param>
    public static ReadOnlyMemory<byte> OneLine(JsonElement data)
    {
        var raw = JsonMarshal.GetRawUtf8Value(data);
        if (raw.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return raw.ToArray();
        }

        var buffer = new ArrayBufferWriter<byte>(raw.Length);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            data.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }
}
