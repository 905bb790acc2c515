using System.Net;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Local.Tests.Http;

namespace AgentFunctions.Local.Tests.Admission;

/// <summary>What callers of a loaded host are told.</summary>
public sealed class ShedStartsTests : IAsyncLifetime
{
    private const string Path = "/api/runs/ToolFanOut";
    private readonly FixedLoad load = new();
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(load: load);

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Start_BackgroundIsFull_IsRefusedWithTheNumbersAndWhenToComeBack()
    {
        load.Wait(background: 80);
        var answer = await host.PostAsync($"{Path}?priority=background", Samples.Body);

        var detail = answer.Problem(429, "throttled");
        Assert.StartsWith("Lane background is full: 80 activities are ahead of a new run, and its bound is 8 for each place. It would wait about 8 s. Nothing was started. Come back in ", detail, StringComparison.Ordinal);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(7));
        Assert.Equal(0, host.Runs.Count);
    }

    [Theory]
    [InlineData(80, 202, 202)]
    [InlineData(160, 202, 429)]
    [InlineData(320, 429, 429)]
    public async Task Start_QueueAhead_ShedsTheLowerLanesFirst(int interactiveWaiting, int interactive, int workflow)
    {
        load.Wait(interactive: interactiveWaiting);
        Assert.Equal((interactive, workflow, 429), (await StatusAsync("interactive"), await StatusAsync("workflow"), await StatusAsync("background")));
    }

    [Fact]
    public async Task Start_WaitIsTooLong_SaysSo()
    {
        load.Sample = new LoadSample { Slots = 100, Running = 100, Waiting = new(0, 300, 0), EndedPerSecond = 2 };
        Assert.Contains("the first activity of a new run would wait 150 s for a place (300 are ahead of it), and the bound is 60 s", (await host.PostAsync(Path, Samples.Body)).Problem(429, "throttled"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_LoadIsGone_IsTakenAgain()
    {
        load.Wait(background: 80);
        Assert.Equal(429, await StatusAsync("background"));
        load.Wait(background: 60);
        Assert.Equal(429, await StatusAsync("background"));
        load.Wait(background: 55);
        Assert.Equal(202, await StatusAsync("background"));
    }

    [Fact]
    public async Task Start_RepeatOfARunThatExists_IsNeverShed()
    {
        var first = await host.PostAsync(Path, Samples.Body, ("Idempotency-Key", "order-17"));
        load.Wait(workflow: 10_000);

        var again = await host.PostAsync($"{Path}?deadline=1ms", Samples.Body, ("Idempotency-Key", "order-17"));
        Assert.Equal((HttpStatusCode.Accepted, first.Text("id")), (again.Status, again.Text("id")));
        (await host.PostAsync(Path, """{"calls":[]}""", ("Idempotency-Key", "order-17"))).Problem(409, "idempotency-conflict");
        (await host.PostAsync(Path, Samples.Body, ("Idempotency-Key", "order-18"))).Problem(429, "throttled");
        Assert.Equal(1, host.Runs.Count);
    }

    [Fact]
    public async Task Start_RepeatWithWait_GivesTheResultWhateverTheLoad()
    {
        await host.PostAsync($"{Path}?instanceId=w", Samples.Body);
        host.Runs.End("w", RuntimeStatus.Completed, """{"complete":true}""");
        load.Wait(workflow: 10_000);
        Assert.Equal("Completed", (await host.PostAsync($"{Path}?instanceId=w&wait=1s", Samples.Body)).Text("runtimeStatus"));
    }

    [Fact]
    public async Task Start_BadRequestOfALoadedHost_IsStillABadRequest()
    {
        load.Wait(interactive: 10_000);
        (await host.PostAsync(Path, "{")).Problem(400, "invalid-json");
        (await host.PostAsync(Path, """{"calls":[{"key":"a","tool":"explode"}]}""")).Problem(400, "invalid-input");
        (await host.PostAsync($"{Path}?deadline=never", Samples.Body)).Problem(400, "invalid-request");
        (await host.PostAsync("/api/runs/Nope", Samples.Body)).Problem(404, "unknown-orchestrator");
    }

    [Fact]
    public async Task Others_LoadedHost_AreAnswered()
    {
        var id = await host.StartRunAsync();
        load.Wait(interactive: 10_000);

        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/runs/{id}")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"/api/runs/{id}/events/go")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"/api/runs/{id}/terminate")).Status);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Restart_LaneOfTheRunIsFull_IsRefusedAsAStartIs(string withNew)
    {
        var (background, interactive) = (await EndedAsync("background"), await EndedAsync("interactive"));
        load.Wait(background: 80);

        var answer = await host.PostAsync($"/api/runs/{background}/restart?withNewInstanceId={withNew}");
        Assert.StartsWith("Lane background is full: 80 activities are ahead of a new run", answer.Problem(429, "throttled"), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal((2, RuntimeStatus.Completed), (host.Runs.Count, host.Runs[background].RuntimeStatus));
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"/api/runs/{interactive}/restart?withNewInstanceId={withNew}")).Status);
        load.Wait();
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"/api/runs/{background}/restart?withNewInstanceId={withNew}")).Status);
    }

    [Fact]
    public async Task Restart_WhatCanNotBeRestarted_IsToldSoWhateverTheLoad()
    {
        var live = await host.StartRunAsync();
        load.Wait(interactive: 10_000);
        (await host.PostAsync($"/api/runs/{live}/restart?withNewInstanceId=false")).Problem(409, "run-not-ended");
        (await host.PostAsync("/api/runs/none/restart")).Problem(404, "unknown-run");
    }

    [Fact]
    public async Task Restart_UnderWay_CountsAmongTheStarts()
    {
        await using var narrow = await ApiHost.StartAsync(admission: options => options.MaxStarting = 4);
        var id = (await narrow.PostAsync($"{Path}?priority=background", Samples.Body)).Text("id");
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        narrow.Runs.StartsAfter = written.Task;
        List<Task<Answer>> pending = [];
        for (var i = 0; i < 2; i++)
        {
            pending.Add(narrow.PostAsync($"/api/runs/{id}/restart"));
            await narrow.Runs.StartsSeen.Reader.ReadAsync();
        }

        (await narrow.PostAsync($"/api/runs/{id}/restart")).Problem(429, "throttled");
        written.SetResult();
        Assert.All(await Task.WhenAll(pending), answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Equal(HttpStatusCode.Accepted, (await narrow.PostAsync($"/api/runs/{id}/restart")).Status);
    }

    [Fact]
    public async Task Start_DeadlineThatTheWaitLeavesNoRoomFor_IsRefusedAtOnce()
    {
        load.Wait(workflow: 70);
        var answer = await host.PostAsync($"{Path}?deadline=5s", Samples.Body);

        Assert.StartsWith("The result would come too late: the deadline is 5 s from now, and the run's first activity would wait 7 s for a place (70 are ahead of it), a model call 0 s. Nothing was started. Allow more time, or come back in ", answer.Problem(429, "throttled"), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"{Path}?deadline=8s", Samples.Body)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"{Path}?deadline=5s&priority=interactive", Samples.Body)).Status);
    }

    [Fact]
    public async Task Start_DeadlineBelowTheRunTime_IsRefusedUntilItIsForgotten()
    {
        await EndAfterAsync("a", TimeSpan.FromSeconds(20));

        Assert.Contains("runs of this orchestrator take about 20 s", (await host.PostAsync($"{Path}?deadline=19s", Samples.Body)).Problem(429, "throttled"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"{Path}?deadline=20s", Samples.Body)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync("/api/runs/Tree?deadline=1s", """{"name":"root"}""")).Status);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"{Path}?deadline=1s", Samples.Body)).Status);
    }

    [Fact]
    public async Task Start_RunsThatWaitedForPlaces_DoNotCountAsLong()
    {
        load.Wait(workflow: 90);
        await EndAfterAsync("a", TimeSpan.FromSeconds(10));
        load.Wait();
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"{Path}?deadline=1s", Samples.Body)).Status);
        (await host.PostAsync($"{Path}?deadline=999ms", Samples.Body)).Problem(429, "throttled");
    }

    [Fact]
    public async Task Start_RunThatOutlastsTheWait_CountsAsThatLong()
    {
        var pending = host.PostAsync($"{Path}?wait=30s", Samples.Body);
        Assert.Equal(TimeSpan.FromSeconds(30), await host.Time.NextTimerAsync());
        host.Time.Advance(TimeSpan.FromSeconds(30));
        await pending;
        (await host.PostAsync($"{Path}?deadline=29s", Samples.Body)).Problem(429, "throttled");
        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync($"{Path}?deadline=30s", Samples.Body)).Status);
    }

    [Fact]
    public async Task Start_TooManyUnderWay_AreRefusedByLaneUntilSomeAreOver()
    {
        await using var narrow = await ApiHost.StartAsync(admission: options => options.MaxStarting = 4);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        narrow.Runs.StartsAfter = written.Task;
        List<Task<Answer>> pending = [];
        foreach (var lane in (string[])["background", "background", "workflow", "interactive"])
        {
            pending.Add(narrow.PostAsync($"{Path}?priority={lane}", Samples.Body));
            await narrow.Runs.StartsSeen.Reader.ReadAsync();
            if (pending.Count > 1) (await narrow.PostAsync($"{Path}?priority=background", Samples.Body)).Problem(429, "throttled");
            if (pending.Count > 2) (await narrow.PostAsync($"{Path}?priority=workflow", Samples.Body)).Problem(429, "throttled");
        }

        Assert.Contains("Too many starts are under way for one more of lane interactive", (await narrow.PostAsync($"{Path}?priority=interactive", Samples.Body)).Problem(429, "throttled"), StringComparison.Ordinal);
        written.SetResult();
        Assert.All(await Task.WhenAll(pending), answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Equal(HttpStatusCode.Accepted, (await narrow.PostAsync($"{Path}?priority=background", Samples.Body)).Status);
        Assert.Equal(5, narrow.Runs.Count);
    }

    [Fact]
    public async Task Start_FailedStarts_FreeTheirPlaces()
    {
        await using var narrow = await ApiHost.StartAsync(admission: options => options.MaxStarting = 4);
        narrow.Runs.Failure = new IOException("The disk is full.");
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.InternalServerError, (await narrow.PostAsync(Path, Samples.Body)).Status);
        narrow.Runs.Failure = null;
        Assert.Equal(HttpStatusCode.Accepted, (await narrow.PostAsync(Path, Samples.Body)).Status);
    }

    [Fact]
    public async Task Start_SwitchedOff_TakesAll()
    {
        await using var open = await ApiHost.StartAsync(load: new FixedLoad().Wait(interactive: 100_000), admission: options => options.Enabled = false);
        Assert.Equal(HttpStatusCode.Accepted, (await open.PostAsync($"{Path}?priority=background&deadline=1ms", Samples.Body)).Status);
    }

    [Fact]
    public async Task Start_NothingIsKnownOfTheLoad_IsTaken()
    {
        await using var unknown = await ApiHost.StartAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await unknown.PostAsync($"{Path}?priority=background&deadline=1s", Samples.Body)).Status);
    }

    /// <summary>A run of this lane that has ended.</summary>
    private async Task<string> EndedAsync(string lane)
    {
        var id = (await host.PostAsync($"{Path}?priority={lane}", Samples.Body)).Text("id");
        host.Runs.End(id, RuntimeStatus.Completed, "{}");
        return id;
    }

    private async Task<int> StatusAsync(string lane) => (int)(await host.PostAsync($"{Path}?priority={lane}", Samples.Body)).Status;

    private async Task EndAfterAsync(string id, TimeSpan took)
    {
        var pending = host.PostAsync($"{Path}?wait=2m&instanceId={id}", Samples.Body);
        await host.Time.NextTimerAsync();
        host.Time.Advance(took);
        host.Runs.End(id, RuntimeStatus.Completed, "{}");
        Assert.Equal(HttpStatusCode.OK, (await pending).Status);
    }
}
