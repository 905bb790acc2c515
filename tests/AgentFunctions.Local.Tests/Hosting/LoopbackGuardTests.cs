using System.Net;
using AgentFunctions.Core;
using AgentFunctions.Local.CommandLine;

namespace AgentFunctions.Local.Tests.Hosting;

public sealed class LoopbackGuardTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private ILocalHost host = null!;

    public async Task InitializeAsync() =>
        host = await new LocalHostFactory(AgentFunctionsCatalog.Create()).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = Microsoft.Extensions.Logging.LogLevel.Warning }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        http.Dispose();
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    public async Task Request_FromAnotherSite_IsRefused(string header, string value)
    {
        var response = await SendAsync(header, value);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"'{value}'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "[::1]")]
    [InlineData("Accept", "*/*")]
    public async Task Request_FromThisMachine_IsServed(string header, string value) =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(header, value)).StatusCode);

    private async Task<HttpResponseMessage> SendAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address!, "/api/health"));
        request.Headers.TryAddWithoutValidation(header, value);
        return await http.SendAsync(request);
    }
}
