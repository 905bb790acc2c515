using System.Text.Json;
using AgentFunctions.App.Tests.Engine;
using AgentFunctions.App.Triggers;
using AgentFunctions.Core.Caching;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;

namespace AgentFunctions.App.Tests.Triggers;

/// <summary>Each route's main outcomes, from the trigger down to Durable Functions' client.</summary>
public sealed class HttpTriggersTests : IDisposable
{
    private const string Body = """{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}]}""";
    private readonly AppFixture app = new();
    private readonly HttpTriggers triggers;

    public HttpTriggersTests() => triggers = new HttpTriggers(app.Api);

    private DurableTaskClient Client => app.Client.Object;

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task StartRun_Valid_Is202WithTheManagementPayload()
    {
        var request = AppFixture.Request("POST", "/api/runs/ToolFanOut", Body);

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.StartRun(request, Client, "ToolFanOut"));

        Assert.Equal(202, status);
        var id = body.GetProperty("id").GetString();
        Assert.Equal($"https://app.example/api/runs/{id}", body.GetProperty("statusQueryGetUri").GetString());
        app.Client.Verify(c => c.ScheduleNewOrchestrationInstanceAsync(new TaskName("ToolFanOut"), It.IsAny<object?>(), It.Is<StartOrchestrationOptions>(o => o.InstanceId == id), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Theory]
    [InlineData("NoSuchOrchestrator", Body, 404)]
    [InlineData("ToolFanOut", """{"calls":[]}""", 400)]
    [InlineData("ToolFanOut", "not JSON", 400)]
    [InlineData("FanOutSlice", Body, 404)]
    public async Task StartRun_Wrong_IsRefusedAndStartsNothing(string orchestrator, string sent, int expected)
    {
        var request = AppFixture.Request("POST", $"/api/runs/{orchestrator}", sent);

        var (status, _) = await AppFixture.AnswerAsync(request, triggers.StartRun(request, Client, orchestrator));

        Assert.Equal(expected, status);
        app.Client.Verify(c => c.ScheduleNewOrchestrationInstanceAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task GetRun_Known_Is200WithItsState()
    {
        app.Knows("known", OrchestrationRuntimeStatus.Completed, output: "42");
        var request = AppFixture.Request("GET", "/api/runs/known");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.GetRun(request, Client, "known"));

        Assert.Equal((200, "Completed", 42), (status, body.GetProperty("runtimeStatus").GetString(), body.GetProperty("output").GetInt32()));
    }

    [Fact]
    public async Task AnyRoute_UnknownRun_Is404()
    {
        var routes = new (string Method, string Path, string? Body, Func<HttpRequest, Task<IResult>> Call)[]
        {
            ("GET", "/api/runs/none", null, r => triggers.GetRun(r, Client, "none")),
            ("DELETE", "/api/runs/none", null, r => triggers.PurgeRun(r, Client, "none")),
            ("GET", "/api/runs/none/timeline", null, r => triggers.GetTimeline(r, Client, "none")),
            ("GET", "/api/runs/none/graph", null, r => triggers.GetGraph(r, Client, "none")),
            ("GET", "/api/runs/none/stream", null, r => triggers.StreamRun(r, Client, "none")),
            ("POST", "/api/runs/none/events/go", "1", r => triggers.RaiseEvent(r, Client, "none", "go")),
            ("POST", "/api/runs/none/suspend", null, r => triggers.SuspendRun(r, Client, "none")),
            ("POST", "/api/runs/none/resume", null, r => triggers.ResumeRun(r, Client, "none")),
            ("POST", "/api/runs/none/terminate", null, r => triggers.TerminateRun(r, Client, "none")),
            ("POST", "/api/runs/none/restart", null, r => triggers.RestartRun(r, Client, "none")),
        };
        foreach (var (method, path, sent, call) in routes)
        {
            var request = AppFixture.Request(method, path, sent);

            var (status, _) = await AppFixture.AnswerAsync(request, call(request));

            Assert.True(status == 404, $"{method} {path} answered {status}.");
        }
    }

    [Fact]
    public async Task StartRun_WithATenant_HasItInFrontOfTheId()
    {
        var request = AppFixture.Request("POST", "/api/runs/ToolFanOut?instanceId=order-17", Body);
        request.Headers["X-Tenant"] = "acme";

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.StartRun(request, Client, "ToolFanOut"));

        Assert.Equal((202, "acme~order-17"), (status, body.GetProperty("id").GetString()));
        app.Client.Verify(c => c.ScheduleNewOrchestrationInstanceAsync(new TaskName("ToolFanOut"), It.IsAny<object?>(), It.Is<StartOrchestrationOptions>(o => o.InstanceId == "acme~order-17"), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task GetCache_Is200WithTheReport()
    {
        app.Cache.Setup(c => c.Report()).Returns(new CacheReport { Worker = "w", Since = default, Entries = 7, Bytes = 0, MostBytes = 0, StoreUp = true, Kinds = new Dictionary<CacheKind, CacheCounts>(), Thresholds = new Dictionary<string, double>(StringComparer.Ordinal) });
        var request = AppFixture.Request("GET", "/api/cache");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.GetCache(request, Client));

        Assert.Equal((200, 7), (status, body.GetProperty("entries").GetInt32()));
    }

    [Fact]
    public async Task DeleteCache_Tag_Is200AndInvalidatesIt()
    {
        var request = AppFixture.Request("DELETE", "/api/cache?tag=prices");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.DeleteCache(request, Client));

        Assert.Equal((200, "prices"), (status, body.GetProperty("invalidated").GetProperty("tag").GetString()));
        app.Cache.Verify(c => c.InvalidateAsync(new CacheInvalidation { Tag = "prices" }, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task DeleteCache_Nothing_Is400AndInvalidatesNothing()
    {
        var request = AppFixture.Request("DELETE", "/api/cache");

        Assert.Equal(400, (await AppFixture.AnswerAsync(request, triggers.DeleteCache(request, Client))).Status);
        app.Cache.Verify(c => c.InvalidateAsync(It.IsAny<CacheInvalidation>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task GiveCacheFeedback_Word_Is200WithTheReceipt()
    {
        app.Cache.Setup(c => c.FeedbackAsync(It.Is<CacheFeedback>(f => f.Tenant == "acme" && !f.Right), It.IsAny<CancellationToken>())).ReturnsAsync(new CacheFeedbackReceipt(0.93, Invalidated: true));
        var request = AppFixture.Request("POST", "/api/cache/feedback", $$"""{"tenant":"acme","key":"{{new string('a', 64)}}","question":"q","right":false}""");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.GiveCacheFeedback(request, Client));

        Assert.Equal((200, 0.93, true), (status, body.GetProperty("threshold").GetDouble(), body.GetProperty("invalidated").GetBoolean()));
    }

    [Fact]
    public async Task RaiseEvent_Running_Is202AndRaisesIt()
    {
        app.Knows("run", OrchestrationRuntimeStatus.Running);
        var request = AppFixture.Request("POST", "/api/runs/run/events/go", "{\"x\":1}");

        var (status, _) = await AppFixture.AnswerAsync(request, triggers.RaiseEvent(request, Client, "run", "go"));

        Assert.Equal(202, status);
        app.Client.Verify(c => c.RaiseEventAsync("run", "go", It.Is<object?>(o => ((JsonElement)o!).GetProperty("x").GetInt32() == 1), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Theory]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.FailedPrecondition)]
    public async Task ResumeRun_ThatRuns_Is202ThoughTheHostRefusesIt(StatusCode refusal)
    {
        app.Knows("run", OrchestrationRuntimeStatus.Running);
        app.Client.Setup(c => c.ResumeInstanceAsync("run", It.IsAny<string?>(), It.IsAny<CancellationToken>())).ThrowsAsync(Refused(refusal));
        var request = AppFixture.Request("POST", "/api/runs/run/resume");

        Assert.Equal(202, (await AppFixture.AnswerAsync(request, triggers.ResumeRun(request, Client, "run"))).Status);
    }

    [Fact]
    public async Task SteeringRoutes_RunThatEndsMeanwhile_AreAnsweredAsForAnEndedRun()
    {
        app.Client.SetupSequence(c => c.GetInstancesAsync("run", It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(AppFixture.Run("run", OrchestrationRuntimeStatus.Running)).ReturnsAsync(AppFixture.Run("run", OrchestrationRuntimeStatus.Completed));
        app.Client.Setup(c => c.RaiseEventAsync("run", "go", It.IsAny<object?>(), It.IsAny<CancellationToken>())).ThrowsAsync(Refused(StatusCode.FailedPrecondition));
        var request = AppFixture.Request("POST", "/api/runs/run/events/go", "1");

        Assert.Equal(410, (await AppFixture.AnswerAsync(request, triggers.RaiseEvent(request, Client, "run", "go"))).Status);
    }

    [Fact]
    public async Task TerminateRun_ThatEndsMeanwhile_Is202()
    {
        var looks = 0;
        app.Client.Setup(c => c.GetInstancesAsync("run", It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(() => AppFixture.Run("run", looks++ == 0 ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Completed));
        app.Client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(Pages());
        app.Client.Setup(c => c.TerminateInstanceAsync("run", It.IsAny<TerminateInstanceOptions>(), It.IsAny<CancellationToken>())).ThrowsAsync(Refused(StatusCode.FailedPrecondition));
        var request = AppFixture.Request("POST", "/api/runs/run/terminate");

        Assert.Equal(202, (await AppFixture.AnswerAsync(request, triggers.TerminateRun(request, Client, "run"))).Status);
    }

    [Fact]
    public async Task SteeringRoutes_RefusedForNoReasonOfTheRuns_SayThatTheHostFailed()
    {
        app.Knows("run", OrchestrationRuntimeStatus.Running);
        app.Client.Setup(c => c.RaiseEventAsync("run", "go", It.IsAny<object?>(), It.IsAny<CancellationToken>())).ThrowsAsync(Refused(StatusCode.Unknown));
        var request = AppFixture.Request("POST", "/api/runs/run/events/go", "1");

        Assert.Equal(500, (await AppFixture.AnswerAsync(request, triggers.RaiseEvent(request, Client, "run", "go"))).Status);
    }

    [Fact]
    public async Task SteeringRoutes_EndedRun_Are410()
    {
        app.Knows("over", OrchestrationRuntimeStatus.Completed);
        var routes = new (string Path, string? Body, Func<HttpRequest, Task<IResult>> Call)[]
        {
            ("/api/runs/over/events/go", "1", r => triggers.RaiseEvent(r, Client, "over", "go")),
            ("/api/runs/over/suspend", null, r => triggers.SuspendRun(r, Client, "over")),
            ("/api/runs/over/resume", null, r => triggers.ResumeRun(r, Client, "over")),
        };
        foreach (var (path, sent, call) in routes)
        {
            var request = AppFixture.Request("POST", path, sent);

            var (status, _) = await AppFixture.AnswerAsync(request, call(request));

            Assert.True(status == 410, $"POST {path} answered {status}.");
        }
    }

    [Fact]
    public async Task SteeringRoutes_RunningRun_Are202AndReachTheClient()
    {
        app.Knows("run", OrchestrationRuntimeStatus.Running);
        app.Client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(Pages());
        app.Client.Setup(c => c.TerminateInstanceAsync("run", It.IsAny<TerminateInstanceOptions>(), It.IsAny<CancellationToken>()))
            .Callback(() => app.Knows("run", OrchestrationRuntimeStatus.Terminated)).Returns(Task.CompletedTask);
        var (suspend, resume, terminate) = (AppFixture.Request("POST", "/api/runs/run/suspend"), AppFixture.Request("POST", "/api/runs/run/resume"), AppFixture.Request("POST", "/api/runs/run/terminate?reason=enough"));

        Assert.Equal(202, (await AppFixture.AnswerAsync(suspend, triggers.SuspendRun(suspend, Client, "run"))).Status);
        Assert.Equal(202, (await AppFixture.AnswerAsync(resume, triggers.ResumeRun(resume, Client, "run"))).Status);
        Assert.Equal(202, (await AppFixture.AnswerAsync(terminate, triggers.TerminateRun(terminate, Client, "run"))).Status);

        app.Client.Verify(c => c.SuspendInstanceAsync("run", It.IsAny<string?>(), It.IsAny<CancellationToken>()), Times.Once);
        app.Client.Verify(c => c.ResumeInstanceAsync("run", It.IsAny<string?>(), It.IsAny<CancellationToken>()), Times.Once);
        app.Client.Verify(c => c.TerminateInstanceAsync("run", It.IsAny<TerminateInstanceOptions>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task RestartRun_Ended_Is202AndStartsItFromItsInput()
    {
        app.Knows("over", OrchestrationRuntimeStatus.Failed, input: "{\"calls\":[]}");
        var request = AppFixture.Request("POST", "/api/runs/over/restart");

        var (status, _) = await AppFixture.AnswerAsync(request, triggers.RestartRun(request, Client, "over"));

        Assert.Equal(202, status);
        app.Client.Verify(c => c.ScheduleNewOrchestrationInstanceAsync(new TaskName("ToolFanOut"), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task GetTimeline_FunctionsHost_IsReadFromItsManagementApi()
    {
        await using var host = await FunctionsHost.StartAsync();
        host.Answer = context => context.Response.WriteAsync(
            """{"historyEvents":[{"EventType":"TaskCompleted","FunctionName":"CallTool","ScheduledTime":"2026-01-31T12:00:01Z","Timestamp":"2026-01-31T12:00:03Z","Result":1}]}""");
        app.Knows("run", OrchestrationRuntimeStatus.Completed);
        var request = AppFixture.Request("GET", "/api/runs/run/timeline");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.GetTimeline(request, FunctionsHost.Bound(Client, host.BaseUrl), "run"));

        Assert.Equal(200, status);
        Assert.Equal("CallTool", Assert.Single(body.GetProperty("branches").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task GetTimeline_HistoryThatNobodyTells_Is501AndThatNobodyTellsNow_Is503()
    {
        await using var host = await FunctionsHost.StartAsync();
        host.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        app.Knows("run", OrchestrationRuntimeStatus.Running);
        var (never, later) = (AppFixture.Request("GET", "/api/runs/run/timeline"), AppFixture.Request("GET", "/api/runs/run/timeline"));

        var (neverStatus, neverBody) = await AppFixture.AnswerAsync(never, triggers.GetTimeline(never, Client, "run"));
        var (laterStatus, laterBody) = await AppFixture.AnswerAsync(later, triggers.GetTimeline(later, FunctionsHost.Bound(Client, host.BaseUrl), "run"));

        Assert.Equal((501, 503), (neverStatus, laterStatus));
        Assert.EndsWith("#history-unsupported", neverBody.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("#history-unavailable", laterBody.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal("5", later.HttpContext.Response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running, 409)]
    [InlineData(OrchestrationRuntimeStatus.Completed, 200)]
    public async Task PurgeRun_ByStatus(OrchestrationRuntimeStatus runtimeStatus, int expected)
    {
        app.Knows("run", runtimeStatus);
        app.Client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>())).Returns(Pages());
        app.Client.Setup(c => c.PurgeInstanceAsync("run", It.IsAny<PurgeInstanceOptions>(), It.IsAny<CancellationToken>())).ReturnsAsync(new PurgeResult(1));
        app.Client.Setup(c => c.PurgeInstanceAsync("run", It.IsAny<CancellationToken>())).ReturnsAsync(new PurgeResult(1));
        var request = AppFixture.Request("DELETE", "/api/runs/run");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.PurgeRun(request, Client, "run"));

        Assert.Equal(expected, status);
        if (expected == 200)
            Assert.Equal(1, body.GetProperty("instancesDeleted").GetInt32());
    }

    [Fact]
    public async Task ListRuns_Is200WithRunsAndWithoutEntities()
    {
        app.Client.Setup(c => c.GetAllInstancesAsync(It.IsAny<OrchestrationQuery>()))
            .Returns(Pages(AppFixture.Run("a", OrchestrationRuntimeStatus.Running), AppFixture.Run("@entity@a", OrchestrationRuntimeStatus.Running)));
        var request = AppFixture.Request("GET", "/api/runs");

        var (status, body) = await AppFixture.AnswerAsync(request, triggers.ListRuns(request, Client));

        Assert.Equal(200, status);
        Assert.Equal("a", Assert.Single(body.GetProperty("runs").EnumerateArray()).GetProperty("instanceId").GetString());
    }

    [Fact]
    public async Task GetHealthAndGetOpenApi_Are200()
    {
        var (health, openApi) = (AppFixture.Request("GET", "/api/health"), AppFixture.Request("GET", "/api/openapi.json"));

        Assert.Equal(200, (await AppFixture.AnswerAsync(health, triggers.GetHealth(health, Client))).Status);
        var (status, body) = await AppFixture.AnswerAsync(openApi, triggers.GetOpenApi(openApi, Client));
        Assert.Equal(200, status);
        Assert.StartsWith("3.1", body.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    private static AsyncPageable<OrchestrationMetadata> Pages(params OrchestrationMetadata[] runs) =>
        Pageable.Create((_, _, _) => Task.FromResult(new Page<OrchestrationMetadata>(runs, continuationToken: null)));

    private static RpcException Refused(StatusCode code) => new(new Status(code, "Exception was thrown by handler."));
}
