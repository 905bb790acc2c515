using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tests.Tools;
using AgentFunctions.Core.Tools.Http;

namespace AgentFunctions.Core.Tests.Tools.Http;

public sealed class HttpGetToolTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly ManualTime time = new();
    private readonly HttpGetOptions options = new() { MaxBytes = 2000 };
    private readonly List<IPAddress[]> resolved = [];
    private readonly List<HttpGetTool> tools = [];
    private readonly LoopbackServer server;
    private Func<string, byte[]?> answer = _ => LoopbackServer.Response("200 OK\r\nContent-Type: text/plain", "hello");

    public HttpGetToolTests()
    {
        server = new LoopbackServer(path => answer(path));
        options.AllowedHosts = [$"127.0.0.1:{server.Port}"];
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var tool in tools) tool.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Invoke_ListedAddress_ReturnsTheText()
    {
        var reply = await GetAsync(server.Url("/page?q=1"));
        Assert.Equal("hello", reply.GetProperty("text").GetString());
        Assert.Equal(200, reply.GetProperty("status").GetInt32());
        Assert.Equal("text/plain", reply.GetProperty("contentType").GetString());
        Assert.Equal(server.Url("/page?q=1"), reply.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Invoke_Always_SendsNeitherCookiesNorTraces()
    {
        answer = path => LoopbackServer.Response(path == "/a" ? $"302 Found\r\nLocation: /b\r\nSet-Cookie: id=1" : "200 OK");
        using var activity = new System.Diagnostics.Activity("test").Start();
        await GetAsync(server.Url("/a"));
        Assert.All(server.Requests, request =>
        {
            Assert.DoesNotContain("cookie", request, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("http://example.org/")]
    [InlineData("http://localhost/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task Invoke_NotListed_IsRefusedByName(string url)
    {
        var message = await RefusalAsync(url);
        Assert.Contains("not on the allow-list", message, StringComparison.Ordinal);
        Assert.Contains("Tools:HttpGet:AllowedHosts", message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not a url")]
    [InlineData("/relative")]
    [InlineData("http://me:secret@127.0.0.1/")]
    public async Task Invoke_NoPlainHttpUrl_IsRefused(string url) => Assert.Contains("'http-get'", await RefusalAsync(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("2130706433", true)]
    [InlineData("0177.0.0.1", true)]
    [InlineData("0x7f.1", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("2130706434", false)]
    [InlineData("[::ffff:127.0.0.2]", false)]
    public async Task Invoke_AddressInOtherSpelling_GoesByTheAddress(string host, bool listed)
    {
        if (listed) Assert.Equal("hello", (await GetAsync(server.Url("/", host))).GetProperty("text").GetString());
        else Assert.Contains("not on the allow-list", await RefusalAsync(server.Url("/", host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ListedNameAtLoopback_IsRefusedByItsAddress()
    {
        options.AllowedHosts = ["localhost"];
        Assert.Contains("not a public address", await RefusalAsync(server.Url("/", "localhost"), resolve: false), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("169.254.169.254")]
    [InlineData("192.168.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fe80::1")]
    public async Task Invoke_ListedNameAtPrivateAddress_IsRefusedByItsAddress(string address)
    {
        options.AllowedHosts = ["inside.example"];
        resolved.Add([IPAddress.Parse(address)]);
        var message = await RefusalAsync("http://inside.example/");
        Assert.Contains($"'inside.example' port 80: it is at {IPAddress.Parse(address)}, which is not a public address", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NameChangesItsAddress_IsCheckedAtEachConnection()
    {
        options.AllowedHosts.Add("rebind.example");
        resolved.AddRange([[IPAddress.Loopback], [IPAddress.Parse("127.0.0.2")]]);
        var tool = Tool(resolve: true);
        var url = JsonSerializer.Serialize(new { url = server.Url("/", "rebind.example") });
        Assert.Equal("hello", (await tool.CallAsync(url)).GetProperty("text").GetString());
        Assert.Contains("127.0.0.2, which is not a public address", await tool.RefusalAsync(url), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Invoke_NameWithSeveralAddresses_ConnectsOnlyToAllowedOnes()
    {
        options.AllowedHosts.Add("several.example");
        resolved.Add([IPAddress.Parse("127.0.0.9"), IPAddress.Loopback]);
        Assert.Equal("hello", (await GetAsync(server.Url("/", "several.example"))).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Invoke_RedirectToUnlisted_IsRefused()
    {
        answer = _ => LoopbackServer.Response($"302 Found\r\nLocation: {server.Url("/secret", "127.0.0.2")}");
        Assert.Contains("may not call '127.0.0.2'", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Invoke_RedirectToListedNameAtPrivateAddress_IsRefused()
    {
        options.AllowedHosts.Add("inside.example");
        resolved.Add([IPAddress.Parse("10.0.0.7")]);
        answer = _ => LoopbackServer.Response("301 Moved Permanently\r\nLocation: http://inside.example/");
        Assert.Contains("10.0.0.7, which is not a public address", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_RedirectToFile_IsRefused()
    {
        answer = _ => LoopbackServer.Response("302 Found\r\nLocation: file:///etc/passwd");
        Assert.Contains("'file'", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_RedirectWithinTheHost_IsFollowed()
    {
        answer = path => path == "/a" ? LoopbackServer.Response("308 Permanent Redirect\r\nLocation: b") : LoopbackServer.Response("200 OK", "there");
        var reply = await GetAsync(server.Url("/a"));
        Assert.Equal((server.Url("/b"), "there"), (reply.GetProperty("url").GetString(), reply.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Invoke_RedirectLoop_EndsAtTheLimit()
    {
        answer = _ => LoopbackServer.Response("302 Found\r\nLocation: /again");
        Assert.Contains("redirected 6 times", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData(2000, false)]
    [InlineData(2001, true)]
    public async Task Invoke_Size_IsLimitedByItsHeader(int bytes, bool refused)
    {
        answer = _ => LoopbackServer.Response("200 OK", new string('x', bytes));
        if (refused) Assert.Contains("more than 2000 bytes", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
        else Assert.Equal(bytes, (await GetAsync(server.Url("/"))).GetProperty("text").GetString()!.Length);
    }

    [Fact]
    public async Task Invoke_TooLargeWithoutLength_IsRefused()
    {
        answer = _ => Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + new string('x', 100_000));
        Assert.Contains("more than 2000 bytes", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_SmallThatUnpacksToTooMuch_IsRefused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) await gzip.WriteAsync(new byte[1_000_000]);
        Assert.InRange(packed.Length, 1, 1999);
        answer = _ => [.. Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\nConnection: close\r\n\r\n"), .. packed.ToArray()];
        Assert.Contains("more than 2000 bytes", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of i")]
    public async Task Invoke_TooSlow_TimesOut(string? begun)
    {
        var sent = begun is null ? null : Encoding.Latin1.GetBytes(begun);
        await using var stalling = new StallingServer(sent);
        options.AllowedHosts = ["127.0.0.1"];
        var call = GetAsync($"http://127.0.0.1:{stalling.Port}/");
        await stalling.Asked;
        time.Advance(options.Timeout);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("within 00:00:10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_Cancelled_EndsWithCancellation()
    {
        answer = _ => null;
        using var stop = new CancellationTokenSource();
        var call = Tool(resolve: true).CallAsync(JsonSerializer.Serialize(new { url = server.Url("/") }), stop.Token);
        await server.Asked.WaitAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData("429 Too Many Requests\r\nRetry-After: 7", 7.0)]
    [InlineData("503 Service Unavailable\r\nRetry-After: Thu, 01 Jan 2026 00:01:00 GMT", 60.0)]
    [InlineData("503 Service Unavailable", null)]
    public async Task Invoke_Throttled_CarriesRetryAfter(string head, double? seconds)
    {
        answer = _ => LoopbackServer.Response(head);
        var error = await Assert.ThrowsAsync<ThrottledException>(() => GetAsync(server.Url("/")));
        Assert.Equal(seconds, error.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Invoke_NotFound_IsPermanent()
    {
        answer = _ => LoopbackServer.Response("404 Not Found");
        Assert.Contains("answered 404 Not Found", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ServerError_CanBeTriedAgain()
    {
        answer = _ => LoopbackServer.Response("500 Internal Server Error");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server.Url("/")));
        Assert.Equal(HttpStatusCode.InternalServerError, error.StatusCode);
    }

    [Theory]
    [InlineData("image/png", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData("application/json", false)]
    [InlineData("application/atom+xml", false)]
    public async Task Invoke_MediaType_MustBeText(string type, bool refused)
    {
        answer = _ => LoopbackServer.Response($"200 OK\r\nContent-Type: {type}", "{}");
        if (refused) Assert.Contains($"'{type}'", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
        else Assert.Equal("{}", (await GetAsync(server.Url("/"))).GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("windows-1252", "\u0080", "€")]
    [InlineData("utf-8", "\u00c3\u00bc", "ü")]
    public async Task Invoke_Charset_IsRead(string charset, string bytes, string expected)
    {
        answer = _ => LoopbackServer.Response($"200 OK\r\nContent-Type: text/html; charset=\"{charset}\"", bytes);
        Assert.Equal(expected, (await GetAsync(server.Url("/"))).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Invoke_UnknownCharset_IsRefused()
    {
        answer = _ => LoopbackServer.Response("200 OK\r\nContent-Type: text/html; charset=klingon", "x");
        Assert.Contains("'klingon'", await RefusalAsync(server.Url("/")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK\r\nCache-Control: max-age=60", 60)]
    [InlineData("200 OK\r\nCache-Control: max-age=3600, no-store", null)]
    [InlineData("200 OK", null)]
    public async Task Invoke_TheAnswerSaysHowLong_IsKeptNoLonger(string head, int? seconds)
    {
        answer = path => LoopbackServer.Response(path == "/old" ? "301 Moved Permanently\r\nLocation: /new" : head, "hello");
        Assert.Equal(seconds is { } limit ? [TimeSpan.FromSeconds(limit)] : [], await KeptAsync());
    }

    [Fact]
    public async Task Invoke_ATemporaryRedirectThatSaysNothing_IsNotKept()
    {
        answer = path => LoopbackServer.Response(path == "/old" ? "302 Found\r\nLocation: /new" : "200 OK\r\nCache-Control: max-age=60", "hello");
        Assert.Empty(await KeptAsync());
    }

    /// <summary>Fetches twice and gives the limits of what was kept.</summary>
    private async Task<List<TimeSpan?>> KeptAsync()
    {
        var cache = new Core.Tests.Caching.FakeCallCache();
        var call = new Core.Tools.ToolCall { Tool = "http-get", Arguments = JsonSerializer.SerializeToElement(new { url = server.Url("/old") }) };
        var activity = new Core.Activities.CallToolActivity(new Core.Tools.ToolRegistry([Tool(resolve: true)]), new Core.Stores.MemoryContentStore(), time, cache: cache);
        await activity.RunAsync(new ActivityContext("run", "CallTool", 1), call, CancellationToken.None);
        var asked = server.Requests.Count;
        var second = await activity.RunAsync(new ActivityContext("run", "CallTool", 2), call, CancellationToken.None);
        Assert.Equal(cache.Limits.Count > 0, second.Cache is not null);
        Assert.Equal(cache.Limits.Count > 0 ? asked : 2 * asked, server.Requests.Count);
        return [.. cache.Limits];
    }

    private HttpGetTool Tool(bool resolve)
    {
        var tool = new HttpGetTool(options, time, resolve ? ResolveAsync : null);
        tools.Add(tool);
        return tool;
    }

    private Task<JsonElement> GetAsync(string url) => Tool(resolve: true).CallAsync(JsonSerializer.Serialize(new { url }));

    private Task<string> RefusalAsync(string url, bool resolve = true) => Tool(resolve).RefusalAsync(JsonSerializer.Serialize(new { url }));

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var next = resolved[0];
        resolved.RemoveAt(0);
        return Task.FromResult(next);
    }
}
