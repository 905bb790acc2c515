using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>
/// Fetches a text over HTTP: <c>{"url": "https://…"}</c>. Only from hosts on the allow-list, only from public addresses unless they are listed themselves,
/// within a size and a time limit, and with every redirect checked like the first URL. An answer is kept as long as it and the redirects to it allow (RFC 9111). It sends no cookies, no credentials and no trace headers, and uses no proxy.
/// </summary>
public sealed class HttpGetTool : Tool, IManyServices, IDisposable
{
    private readonly HttpGetOptions options;
    private readonly AllowedHosts hosts;
    private readonly TimeProvider time;
    private readonly HttpClient client;

    /// <summary>Makes the tool.</summary>
    /// <param name="options">What it may fetch.</param>
    /// <param name="time">The clock of its time limit.</param>
    /// <param name="resolve">Looks a name up. Default: the system's resolver.</param>
    /// <exception cref="ArgumentException">An entry of the allow-list is no host.</exception>
    public HttpGetTool(HttpGetOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
        : base("http-get", "Fetches a text, such as a page or JSON, from an allowed host.", """{"type":"object","properties":{"url":{"type":"string","format":"uri","maxLength":4096,"description":"An http or https URL."}},"required":["url"],"additionalProperties":false}""", ToolEffect.ReadOnly)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.time) = (options, time);
        hosts = new AllowedHosts(options.AllowedHosts);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = new GuardedConnection(hosts, resolve ?? Dns.GetHostAddressesAsync).ConnectAsync,
        })
        { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("AgentFunctions");
    }

    /// <summary>The host of the URL and, where it is not the scheme's own, its port; null where it may not be called.</summary>
    /// <param name="arguments">url.</param>
    public string? ServiceOf(JsonElement? arguments) =>
        arguments is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("url", out var text) && text.ValueKind == JsonValueKind.String
        && Uri.TryCreate(text.GetString(), UriKind.Absolute, out var url) && hosts.MayName(url)
            ? url.IsDefaultPort ? url.IdnHost : string.Create(CultureInfo.InvariantCulture, $"{url.IdnHost}:{url.Port}")
            : null;

    /// <summary>Closes its connections.</summary>
    public void Dispose() => client.Dispose();

    /// <summary>Fetches the text.</summary>
    /// <param name="arguments">url.</param>
    /// <param name="cancellationToken">Stops the call at once.</param>
    /// <exception cref="PermanentFailureException">The URL, its host, an address or the answer is refused, or the server answered 4xx.</exception>
    /// <exception cref="ThrottledException">The server answered 429 or 503.</exception>
    /// <exception cref="HttpRequestException">The server can't be reached, or answered 408 or 5xx.</exception>
    /// <exception cref="TimeoutException">It took longer than the time limit.</exception>
    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var text = arguments.Text("url", longest: 4096);
        var url = Uri.TryCreate(text, UriKind.Absolute, out var parsed) ? parsed : throw Refused($"got '{text}', which is no URL. Give one such as https://example.org/page.");
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return JsonSerializer.SerializeToElement(await FollowAsync(url, arguments, either.Token), ToolsJsonContext.Default.WebText);
        }
        catch (OperationCanceledException error) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The tool 'http-get' had no whole answer from '{url}' within {options.Timeout:c}. Raise Tools:HttpGet:Timeout if it may take longer.", error);
        }
        catch (HttpRequestException error) when (error.InnerException is PermanentFailureException refusal)
        {
            // HttpClient wraps what the guarded connection throws; as itself it tells retry policies to give up.
            throw new PermanentFailureException(refusal.Message, error);
        }
    }

    private async Task<WebText> FollowAsync(Uri url, ToolArguments arguments, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            Check(url);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (HttpFreshness.Of(response, time.GetUtcNow()) is { } fresh) arguments.LimitCaching(fresh);
            if (Target(url, response) is not { } next) return await WebReply.ReadAsync(url, response, options.MaxBytes, time, cancellationToken);
            if (redirects >= options.MaxRedirects) throw Refused($"was redirected {redirects + 1} times, the last time to '{next}'. At most {options.MaxRedirects} redirects are followed.");
            if (url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps) throw Refused($"was redirected from '{url}' to '{next}', which is not encrypted.");
            url = next;
        }
    }

    private void Check(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) throw Refused($"may not fetch '{url}': its scheme is '{url.Scheme}'. Use http or https.");
        if (url.UserInfo.Length > 0) throw Refused($"may not send the user name in the URL of '{url.Host}'. Leave it out.");
        if (!hosts.MayName(url)) throw Refused($"may not call '{url.IdnHost}' port {url.Port}: it is not on the allow-list. Add it to Tools:HttpGet:AllowedHosts if it is meant.");
    }

    private static Uri? Target(Uri url, HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is { } location
            ? new Uri(url, location)
            : null;

    private static PermanentFailureException Refused(string what) => new($"The tool 'http-get' {what}");
}
