using System.Text.Json;
using AgentFunctions.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AgentFunctions.Api.Requests;

/// <summary>Reads a body as JSON: of the right media type, within the size limit whether or not a length was announced, and strictly.</summary>
internal static class JsonBody
{
    private const int FirstBuffer = 16 * 1024;
    private const string MediaTypeRemedy = "Send the body as UTF-8 JSON with Content-Type: application/json.";

    /// <summary>The body, or null where it is empty.</summary>
    public static async Task<JsonElement?> ReadAsync(HttpRequest request, ApiOptions options, CancellationToken cancellationToken)
    {
        if (request.ContentLength == 0)
        {
            return null;
        }

        var hasMediaType = CheckHeaders(request);
        var bytes = await ReadBytesAsync(request, options.MaxBodyBytes, cancellationToken);
        if (bytes.IsEmpty)
        {
            return null;
        }

        return hasMediaType ? StrictJson.Parse(bytes) : throw new ProblemException(ProblemKind.UnsupportedMediaType, $"The request has a body but no Content-Type. {MediaTypeRemedy}");
    }

    private static bool CheckHeaders(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(ProblemKind.UnsupportedMediaType, $"The body's Content-Encoding is '{Shown.Of(encoding)}', which is not supported. Send it uncompressed.");
        }

        if (string.IsNullOrWhiteSpace(request.ContentType))
        {
            return false;
        }

        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(ProblemKind.UnsupportedMediaType, $"The body's Content-Type is '{Shown.Of(request.ContentType)}'. {MediaTypeRemedy}");
        }

        var charset = HeaderUtilities.RemoveQuotes(type!.Charset);
        return charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw new ProblemException(ProblemKind.UnsupportedMediaType, $"The body's charset is '{Shown.Of(charset.ToString())}'. {MediaTypeRemedy}");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw new ProblemException(ProblemKind.TooLarge, $"The body has {request.ContentLength} bytes, and the limit is {limit}. Send less, or store large documents and send their content references.");
        }

        // One limit, ours: the server's own would answer without a word.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = null;
        }

        // Memory is given for what came, not for what was announced.
        var buffer = new byte[FirstBuffer];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1));
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (length > limit)
            {
                throw new ProblemException(ProblemKind.TooLarge, $"The body has more than {limit} bytes, which is the limit. Send less, or store large documents and send their content references.");
            }

            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }
        }
    }
}
