using System.Net;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class HostStateTests : IAsyncLifetime
{
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Health_HostThatTakesWork_SaysWhatItRuns()
    {
        var answer = await host.GetAsync("/api/health");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("healthy", answer.Text("status"));
        Assert.Matches(@"^\d+\.\d+\.\d+$", answer.Text("version"));
        Assert.Equal(["ToolFanOut", "Tree"], answer.Body.GetProperty("orchestrators").EnumerateArray().Select(e => e.GetString()!));
    }

    [Fact]
    public async Task Health_HostWithAFault_SaysIt()
    {
        host.State.Fault = "the disk is full";

        Assert.Contains("the disk is full", (await host.GetAsync("/api/health")).Problem(503, "unhealthy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_DrainingHost_Is503()
    {
        await host.State.DrainAsync();

        (await host.GetAsync("/api/health")).Problem(503, "draining");
    }

    [Theory]
    [InlineData("POST", "/api/runs/ToolFanOut")]
    [InlineData("POST", "/api/runs/a/events/e")]
    [InlineData("POST", "/api/runs/a/suspend")]
    [InlineData("POST", "/api/runs/a/resume")]
    [InlineData("POST", "/api/runs/a/terminate")]
    [InlineData("POST", "/api/runs/a/restart")]
    [InlineData("DELETE", "/api/runs/a")]
    public async Task Change_DrainingHost_IsRefusedForNow(string method, string path)
    {
        await host.PostAsync("/api/runs/ToolFanOut?instanceId=a", Samples.Body);
        await host.State.DrainAsync();
        var answer = await host.SendAsync(new HttpMethod(method), path, method == "POST" ? Samples.Body : null);

        answer.Problem(503, "draining");
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        Assert.Equal(RuntimeStatus.Running, host.Runs["a"].RuntimeStatus);
    }

    [Theory]
    [InlineData("/api/runs")]
    [InlineData("/api/runs/a")]
    [InlineData("/api/runs/a/timeline")]
    [InlineData("/api/runs/a/graph")]
    [InlineData("/api/openapi.json")]
    public async Task Read_DrainingHost_IsAnswered(string path)
    {
        await host.PostAsync("/api/runs/ToolFanOut?instanceId=a", Samples.Body);
        await host.State.DrainAsync();

        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path)).Status);
    }

    [Fact]
    public async Task UnknownMethod_KnownPath_NamesTheMethodsInAllow()
    {
        using var response = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/api/runs/a"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["DELETE", "GET", "POST"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task UnknownPath_OutsideTheContract_IsLeftToTheHost()
    {
        using var response = await host.Client.GetAsync("/favicon.ico");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }
}
