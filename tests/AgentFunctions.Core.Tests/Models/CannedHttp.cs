using System.Net;
using System.Text;

namespace AgentFunctions.Core.Tests.Models;

/// <summary>Answers every request with one reply and keeps what was sent.</summary>
internal sealed class CannedHttp(HttpStatusCode status, string body, string mediaType = "application/json", params (string Name, string Value)[] headers) : HttpMessageHandler
{
    public List<string> Sent { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, mediaType), RequestMessage = request };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
