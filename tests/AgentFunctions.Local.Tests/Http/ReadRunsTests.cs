using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class ReadRunsTests : IAsyncLifetime
{
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Get_EndedRun_IsDurableFunctionsStatusPayload()
    {
        var id = await host.StartRunAsync();
        host.Time.Advance(TimeSpan.FromMilliseconds(1500));
        host.Runs.End(id, RuntimeStatus.Completed, """{"complete":true}""");
        var answer = await host.GetAsync($"/api/runs/{id}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.MediaType);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse($$"""{"name":"ToolFanOut","instanceId":"{{id}}","runtimeStatus":"Completed","input":{{Samples.Body}},"output":{"complete":true},"createdTime":"2026-01-31T12:00:00+00:00","lastUpdatedTime":"2026-01-31T12:00:01.5+00:00","priority":"Workflow"}"""),
            answer.Body), answer.Body.GetRawText());
    }

    [Fact]
    public async Task Get_RunningRun_Is200() => Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/runs/{await host.StartRunAsync()}")).Status);

    [Theory]
    [InlineData("showInput=false", false, true)]
    [InlineData("payloads=false", false, false)]
    [InlineData("showInput=true&payloads=true", true, true)]
    public async Task Get_PayloadFlags_ShowWhatWasAskedFor(string query, bool input, bool output)
    {
        var id = await host.StartRunAsync();
        host.Runs.End(id, RuntimeStatus.Completed, "1");
        var answer = await host.GetAsync($"/api/runs/{id}?{query}");

        Assert.Equal((input, output), (answer.Body.TryGetProperty("input", out _), answer.Body.TryGetProperty("output", out _)));
    }

    [Fact]
    public async Task Get_UnknownRun_SaysWhatCanBeWrong() => Assert.Contains("'nope'", (await host.GetAsync("/api/runs/nope")).Problem(404, "unknown-run"), StringComparison.Ordinal);

    [Fact]
    public async Task List_Pages_CoverEveryRunOnce()
    {
        var started = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            started.Add(await host.StartRunAsync());
        }

        var (listed, token) = (new List<string>(), (string?)"");
        while (token is not null)
        {
            var answer = await host.GetAsync($"/api/runs?pageSize=2{(token.Length == 0 ? "" : $"&continuationToken={token}")}");
            listed.AddRange(answer.Body.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("instanceId").GetString()!));
            token = answer.Body.TryGetProperty("continuationToken", out var next) ? next.GetString() : null;
        }

        Assert.Equal(5, listed.Count);
        Assert.Equal(started, [.. listed]);
    }

    [Theory]
    [InlineData("status=completed,Failed", "b,c")]
    [InlineData("status=Running", "a")]
    [InlineData("name=Tree", "")]
    [InlineData("name=ToolFanOut&prefix=b", "b")]
    [InlineData("from=2026-01-31T12:00:01Z", "b,c")]
    [InlineData("from=2026-01-31T14:00:01%2B02:00&to=2026-01-31T12:00:02.000Z", "b")]
    [InlineData("to=2026-01-31T12:00:01Z", "a")]
    public async Task List_Filters_SelectRuns(string query, string expected)
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await host.PostAsync($"/api/runs/ToolFanOut?instanceId={id}", Samples.Body);
            host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        host.Runs.End("b", RuntimeStatus.Completed);
        host.Runs.End("c", RuntimeStatus.Failed);
        var answer = await host.GetAsync($"/api/runs?{query}");

        Assert.Equal(expected, string.Join(',', answer.Body.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("instanceId").GetString())));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?payloads=true", true)]
    public async Task List_Payloads_OnlyWhereAskedFor(string query, bool shown)
    {
        await host.StartRunAsync();
        var run = Assert.Single((await host.GetAsync($"/api/runs{query}")).Body.GetProperty("runs").EnumerateArray());

        Assert.Equal(shown, run.TryGetProperty("input", out _));
    }

    [Fact]
    public async Task Timeline_RunWithSteps_HasBranchesAndCriticalPath()
    {
        var id = await host.StartRunAsync();
        var start = host.Time.GetUtcNow();
        host.Runs.Steps =
        [
            new HistoryStep { Id = 0, Kind = StepKind.Activity, Name = "CallTool", Label = "a", Status = StepStatus.Completed, ScheduledAt = start, StartedAt = start, EndedAt = start.AddMilliseconds(250), Cost = new Cost(1, 2, 0.5m) },
        ];
        host.Time.Advance(TimeSpan.FromMilliseconds(250));
        host.Runs.End(id, RuntimeStatus.Completed);
        var answer = await host.GetAsync($"/api/runs/{id}/timeline");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(id, answer.Text("instanceId"));
        Assert.Equal("00:00:00.250", answer.Text("elapsed"));
        var branch = Assert.Single(answer.Body.GetProperty("branches").EnumerateArray());
        Assert.Equal("a", branch.GetProperty("label").GetString());
        Assert.True(branch.GetProperty("onCriticalPath").GetBoolean());
    }

    [Fact]
    public async Task Timeline_UnknownRun_Is404() => (await host.GetAsync("/api/runs/nope/timeline")).Problem(404, "unknown-run");
}
