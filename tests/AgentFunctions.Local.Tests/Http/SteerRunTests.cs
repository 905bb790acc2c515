using System.Net;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class SteerRunTests : IAsyncLifetime
{
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("""{"approved":true}""", """{"approved":true}""")]
    [InlineData("\"yes\"", "\"yes\"")]
    [InlineData("", "null")]
    [InlineData(null, "null")]
    public async Task RaiseEvent_AnyJson_ReachesTheRun(string? body, string payload)
    {
        var answer = await host.PostAsync($"/api/runs/{await host.StartRunAsync()}/events/approved", body);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(("approved", payload), Assert.Single(host.Runs.Events));
    }

    [Fact]
    public async Task RaiseEvent_NameOf100CharactersWithSpaces_IsTaken()
    {
        var name = "é " + new string('n', 98);
        await host.PostAsync($"/api/runs/{await host.StartRunAsync()}/events/{Uri.EscapeDataString(name)}");

        Assert.Equal(name, Assert.Single(host.Runs.Events).Name);
    }

    [Theory]
    [InlineData("suspend", RuntimeStatus.Suspended)]
    [InlineData("resume", RuntimeStatus.Running)]
    [InlineData("terminate", RuntimeStatus.Terminated)]
    public async Task Steer_LiveRun_IsAcceptedWithItsReason(string action, RuntimeStatus status)
    {
        var id = await host.StartRunAsync();
        var answer = await host.PostAsync($"/api/runs/{id}/{action}?reason=lunch%20break");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(status, host.Runs[id].RuntimeStatus);
        Assert.Equal(["lunch break"], host.Runs.Reasons);
    }

    [Theory]
    [InlineData("events/approved")]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("terminate")]
    public async Task Steer_EndedRun_IsGone(string action)
    {
        var id = await host.StartRunAsync();
        host.Runs.End(id, RuntimeStatus.Completed);
        var detail = (await host.PostAsync($"/api/runs/{id}/{action}")).Problem(410, "run-ended");

        Assert.Contains(id, detail, StringComparison.Ordinal);
        Assert.Contains("Completed", detail, StringComparison.Ordinal);
        Assert.Empty(host.Runs.Events);
    }

    [Fact]
    public async Task Purge_EndedRun_SaysHowManyInstancesWereRemoved()
    {
        var id = await host.StartRunAsync();
        host.Runs.End(id, RuntimeStatus.Failed);
        var answer = await host.SendAsync(HttpMethod.Delete, $"/api/runs/{id}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"instancesDeleted":1}""", answer.Body.GetRawText());
        (await host.GetAsync($"/api/runs/{id}")).Problem(404, "unknown-run");
    }

    [Fact]
    public async Task Purge_LiveRun_IsAConflict()
    {
        var id = await host.StartRunAsync();

        Assert.Contains("Terminate it first", (await host.SendAsync(HttpMethod.Delete, $"/api/runs/{id}")).Problem(409, "run-not-ended"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?withNewInstanceId=true", false)]
    [InlineData("?withNewInstanceId=false", true)]
    [InlineData("?restartWithNewInstanceId=false", true)]
    public async Task Restart_EndedRun_IsAcceptedAsAStart(string query, bool sameId)
    {
        var id = await host.StartRunAsync();
        host.Runs.End(id, RuntimeStatus.Failed);
        var answer = await host.PostAsync($"/api/runs/{id}/restart{query}");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(sameId, answer.Text("id") == id);
        Assert.Equal($"/api/runs/{answer.Text("id")}", answer.Headers.Location!.OriginalString);
        Assert.Equal(RuntimeStatus.Running, host.Runs[answer.Text("id")].RuntimeStatus);
    }

    [Fact]
    public async Task Restart_LiveRunInPlace_IsAConflict() =>
        (await host.PostAsync($"/api/runs/{await host.StartRunAsync()}/restart?withNewInstanceId=false")).Problem(409, "run-not-ended");
}
