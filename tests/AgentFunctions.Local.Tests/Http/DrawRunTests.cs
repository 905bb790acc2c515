using System.Net;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class DrawRunTests : IAsyncLifetime
{
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Graph_RunOfAnyKind_IsDrawnFromItsHistory()
    {
        var id = await host.StartRunAsync();
        host.Runs.Steps = [new HistoryStep { Id = 3, Kind = StepKind.Activity, Name = "CallTool", Label = "a", Status = StepStatus.Running, ScheduledAt = host.Time.GetUtcNow() }];
        var answer = await host.GetAsync($"/api/runs/{id}/graph");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.MediaType));
        Assert.StartsWith("flowchart LR\n  run([\"ToolFanOut<br/>running\"])\n  s3[\"a<br/>CallTool<br/>running\"]\n  run --> s3\n", answer.Text("mermaid"), StringComparison.Ordinal);
        Assert.Equal("Accept", answer.Headers.Vary.Single());
    }

    [Theory]
    [InlineData("text/vnd.mermaid", "text/vnd.mermaid")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("text/*", "text/vnd.mermaid")]
    [InlineData("application/json;q=0.5, text/plain;q=0.9", "text/plain")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html, */*;q=0.1", "application/json")]
    [InlineData("image/png", "application/json")]
    [InlineData("not an accept", "application/json")]
    public async Task Graph_Accept_ChoosesTheForm(string accept, string type)
    {
        var id = await host.StartRunAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{id}/graph");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await host.Client.SendAsync(request);

        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith(type == "application/json" ? "{" : "flowchart LR", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graph_UnknownRun_Is404() => (await host.GetAsync("/api/runs/nope/graph")).Problem(404, "unknown-run");
}
