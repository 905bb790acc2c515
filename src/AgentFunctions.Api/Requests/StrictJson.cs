using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AgentFunctions.Api.Problems;

namespace AgentFunctions.Api.Requests;

/// <summary>
/// Parses JSON as RFC 8259 and I-JSON (RFC 7493) have it: no comments, no trailing commas, no duplicate names, no lone surrogates, no numbers
/// beyond a double, all of which would otherwise fail much later and far from the caller. Errors name the line and the byte.
/// </summary>
internal static class StrictJson
{
    /// <summary>Below the 64 levels that answers and history are written with, which wrap the body in their own.</summary>
    public const int MaxDepth = 48;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        // PowerShell and Notepad write a byte order mark; a reader may ignore it (RFC 8259, section 8.1).
        var utf8 = body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        try
        {
            CheckTokens(utf8.Span);
            return JsonElement.Parse(utf8.Span, DocumentOptions);
        }
        catch (JsonException exception)
        {
            var where = exception is { LineNumber: { } line, BytePositionInLine: { } position } ? $" at line {line + 1}, byte {position + 1}" : "";
            throw Invalid(where, JsonMessages.OfReader(exception.Message));
        }
    }

    private static void CheckTokens(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw Invalid(At(utf8, FirstInvalid(utf8)), "There is a byte that is not UTF-8. Encode the body as UTF-8.");
        }

        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped && !IsText(ref reader):
                    throw Invalid(At(utf8, (int)reader.TokenStartIndex), "A string has half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character. Send both halves or neither.");
                case JsonTokenType.Number when reader.TryGetDouble(out var number) && !double.IsFinite(number):
                    throw Invalid(At(utf8, (int)reader.TokenStartIndex), $"The number {Shown.Of(Encoding.UTF8.GetString(reader.ValueSpan))} is beyond the range of a double (1.8e308).");
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var index = 0;
        while (Rune.DecodeFromUtf8(utf8[index..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            index += consumed;
        }

        return index;
    }

    private static string At(ReadOnlySpan<byte> utf8, int index)
    {
        var before = utf8[..index];
        return $" at line {before.Count((byte)'\n') + 1}, byte {index - before.LastIndexOf((byte)'\n')}";
    }

    private static ProblemException Invalid(string where, string why) => new(ProblemKind.InvalidJson, $"The body is not valid JSON{where}: {why}");
}
