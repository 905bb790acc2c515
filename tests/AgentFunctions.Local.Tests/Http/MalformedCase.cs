using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>A request that no host may accept.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">The status it must get.</param>
/// <param name="Says">What the detail must name: the value that was wrong, or where.</param>
internal sealed record MalformedCase(string Name, string Method, string Path, int Status, params IReadOnlyList<string> Says)
{
    /// <summary>Makes the body, given the host's limit of a body's bytes. Default: none.</summary>
    public Func<long, HttpContent>? Body { get; init; }

    public (string Name, string Value)? Header { get; init; }

    public HttpRequestMessage ToRequest(long maxBodyBytes)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), Path) { Content = Body?.Invoke(maxBodyBytes) };
        if (Header is { } header && !request.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            request.Content!.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return request;
    }

    public static Func<long, HttpContent> Json(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public static Func<long, HttpContent> Typed(string text, string? mediaType) => Bytes(Encoding.UTF8.GetBytes(text), mediaType);

    public static Func<long, HttpContent> Bytes(byte[] bytes, string? mediaType = "application/json") => _ =>
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        return content;
    };

    /// <summary>One byte more than the limit, with its length announced or (chunked) not.</summary>
    public static Func<long, HttpContent> TooLarge(bool announced) => limit =>
    {
        var bytes = new byte[limit + 1];
        bytes.AsSpan().Fill((byte)' ');
        HttpContent content = announced ? new ByteArrayContent(bytes) : new UnannouncedContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        return content;
    };

    private sealed class UnannouncedContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
