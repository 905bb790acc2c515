using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>Turns an HTTP response into a text or an error.</summary>
internal static class WebReply
{
    public static async Task<WebText> ReadAsync(Uri url, HttpResponseMessage response, int maxBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        ThrowUnlessSuccess(url, response, time);
        var type = response.Content.Headers.ContentType;
        if (type?.MediaType is { } media && !IsText(media)) throw new PermanentFailureException($"The tool 'http-get' got '{media}' from '{url}', which is no text.");
        var encoding = EncodingOf(url, type);
        using var body = await BodyAsync(url, response.Content, maxBytes, cancellationToken);
        using var reader = new StreamReader(body, encoding, detectEncodingFromByteOrderMarks: true);
        return new WebText { Url = url.AbsoluteUri, Status = (int)response.StatusCode, ContentType = type?.MediaType, Text = await reader.ReadToEndAsync(cancellationToken) };
    }

    private static async Task<MemoryStream> BodyAsync(Uri url, HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes) throw TooLarge(url, maxBytes);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            // Counted after decompression: a small answer may unpack to a large one.
            if (body.Length + read > maxBytes) throw TooLarge(url, maxBytes);
            body.Write(buffer.AsSpan(0, read));
        }

        body.Position = 0;
        return body;
    }

    private static void ThrowUnlessSuccess(Uri url, HttpResponseMessage response, TimeProvider time)
    {
        if (response.IsSuccessStatusCode) return;
        var message = string.Create(CultureInfo.InvariantCulture, $"'{url}' answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        throw response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new ThrottledException(message, Wait(response.Headers.RetryAfter, time)),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new HttpRequestException(message, inner: null, response.StatusCode),
            _ => new PermanentFailureException(message),
        };
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? after, TimeProvider time) => after switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static bool IsText(string media) =>
        media.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("json", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("xml", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("yaml", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("javascript", StringComparison.OrdinalIgnoreCase);

    private static Encoding EncodingOf(Uri url, MediaTypeHeaderValue? type)
    {
        if (type?.CharSet?.Trim('"') is not { Length: > 0 } name) return Encoding.UTF8;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException error)
        {
            throw new PermanentFailureException($"The tool 'http-get' got the charset '{name}' from '{url}', which it can't read.", error);
        }
    }

    private static PermanentFailureException TooLarge(Uri url, int maxBytes) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The tool 'http-get' got more than {maxBytes} bytes from '{url}'. Raise Tools:HttpGet:MaxBytes if it may be that large."));
}
