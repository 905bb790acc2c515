using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentFunctions.Api.Requests;

namespace AgentFunctions.Api.Runs;

/// <summary>One event of a stream, with either <paramref name="Data"/> or <paramref name="Line"/>.</summary>
/// <param name="Kind">The event's name.</param>
/// <param name="Id">What whoever has seen it resumes by; null where it changes nothing of that.</param>
/// <param name="Data">Its data.</param>
/// <param name="Line">Its data as JSON on one line.</param>
internal readonly record struct StreamEvent(string Kind, StreamPosition? Id, JsonElement Data = default, ReadOnlyMemory<byte> Line = default)
{
    /// <summary>Writes it as server-sent event. Data is written anew, because the text it was read from may have line breaks, which would end the field.</summary>
    public void Write(IBufferWriter<byte> buffer)
    {
        Encoding.UTF8.GetBytes(Id is { } id ? $"id: {id}\nevent: {Kind}\ndata: " : $"event: {Kind}\ndata: ", buffer);
        if (Line.IsEmpty)
        {
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
            Data.WriteTo(writer);
        }
        else
        {
            buffer.Write(Line.Span);
        }

        buffer.Write("\n\n"u8);
    }
}
