using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.Tests.Http;

public sealed class StartRunTests : IAsyncLifetime
{
    private const string Path = "/api/runs/ToolFanOut";
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Start_Valid_IsAcceptedWithDurableFunctionsManagementPayload()
    {
        var answer = await host.PostAsync(Path, Samples.Body);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var id = answer.Text("id");
        Assert.Equal($"/api/runs/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        var run = $"http://localhost/api/runs/{id}";
        Assert.Equal(
            [("id", id), ("statusQueryGetUri", run), ("sendEventPostUri", $"{run}/events/{{eventName}}"), ("terminatePostUri", $"{run}/terminate?reason={{text}}"), ("suspendPostUri", $"{run}/suspend?reason={{text}}"), ("resumePostUri", $"{run}/resume?reason={{text}}"), ("purgeHistoryDeleteUri", run), ("restartPostUri", $"{run}/restart")],
            answer.Body.EnumerateObject().Select(property => (property.Name, property.Value.GetString()!)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Samples.Body), host.Runs[id].Input!.Value));
        Assert.Equal(RunPriority.Workflow, host.Runs[id].Priority);
    }

    [Fact]
    public async Task Start_NameInAnotherCase_StartsTheOrchestratorByItsOwnName()
    {
        var answer = await host.PostAsync("/api/runs/toolfanout", Samples.Body);

        Assert.Equal("ToolFanOut", host.Runs[answer.Text("id")].Name);
    }

    [Fact]
    public async Task Start_InternalOrchestrator_IsRefusedAndNotListed()
    {
        var answer = await host.PostAsync("/api/runs/ToolFanOutPart", Samples.Body);

        Assert.Contains("Only other orchestrators", answer.Problem(404, "unknown-orchestrator"), StringComparison.Ordinal);
        Assert.Equal(["ToolFanOut", "Tree"], answer.Body.GetProperty("available").EnumerateArray().Select(e => e.GetString()!));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/vnd.example+json")]
    [InlineData("Application/JSON")]
    public async Task Start_AnyJsonMediaType_IsAccepted(string mediaType)
    {
        using var content = MalformedCase.Typed(Samples.Body, mediaType)(0);
        using var response = await host.Client.PostAsync(Path, content);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Start_BodyWithByteOrderMark_IsAccepted() => Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync(Path, "\uFEFF" + Samples.Body)).Status);

    [Fact]
    public async Task Start_BodyOfExactlyTheLimit_IsAccepted()
    {
        await using var small = await ApiHost.StartAsync(options => options.MaxBodyBytes = 2048);

        Assert.Equal(HttpStatusCode.Accepted, (await small.PostAsync(Path, Samples.Body.PadRight(2048))).Status);
        Assert.Contains("2049", (await small.PostAsync(Path, Samples.Body.PadRight(2049))).Problem(413, "too-large"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_InputThatValidateRefuses_IsAProblemWithErrorsByPath()
    {
        var answer = await host.PostAsync(Path, """{"calls":[{"key":"a","tool":"explode"}]}""");

        Assert.Contains("calls[0].tool", answer.Problem(400, "invalid-input"), StringComparison.Ordinal);
        Assert.Equal("There is no tool 'explode'. There are: echo.", Assert.Single(answer.Body.GetProperty("errors").GetProperty("calls[0].tool").EnumerateArray()).GetString());
        Assert.Equal(0, host.Runs.Count);
    }

    [Fact]
    public async Task Start_SeveralMisfits_AreAllNamedAtOnce()
    {
        var answer = await host.PostAsync(Path, """{"calls":[{"key":1}],"mode":"Reckless","extra":0}""");

        answer.Problem(400, "invalid-input");
        Assert.Equal(["calls[0].key", "calls[0].tool", "extra", "mode"], answer.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_ContentThatIsNotStored_IsAProblemThatNamesIt()
    {
        var missing = ContentRef.Of("missing"u8);
        var answer = await host.PostAsync(Path, $$$"""{"calls":[],"attachment":{"sha256":"{{{missing.Sha256}}}","length":7}}""");

        Assert.Contains(missing.Sha256, answer.Problem(400, "content-not-found"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interactive", RunPriority.Interactive)]
    [InlineData("Background", RunPriority.Background)]
    [InlineData("workflow", RunPriority.Workflow)]
    public async Task Start_Priority_BecomesTheLane(string text, RunPriority priority)
    {
        var answer = await host.PostAsync($"{Path}?priority={text}", Samples.Body);

        Assert.Equal(priority, host.Runs[answer.Text("id")].Priority);
    }

    [Fact]
    public async Task Start_SameKeySameBody_IsTheSameRun()
    {
        var first = await host.PostAsync(Path, Samples.Body, ("Idempotency-Key", "order-17"));
        var second = await host.PostAsync(Path, """{ "calls" : [ {"tool":"echo", "key":"a", "arguments":{"value":1}} ] }""", ("Idempotency-Key", "\"order-17\""));

        Assert.Equal(HttpStatusCode.Accepted, second.Status);
        Assert.Equal(first.Text("id"), second.Text("id"));
        Assert.Matches("^k-[0-9a-f]{32}$", first.Text("id"));
        Assert.Equal(1, host.Runs.Count);
    }

    [Theory]
    [InlineData(Path, """{"calls":[{"key":"b","tool":"echo"}]}""", "another input")]
    [InlineData("/api/runs/Tree", """{"name":"root"}""", "orchestrator 'ToolFanOut'")]
    public async Task Start_SameKeyAnotherRequest_IsAConflict(string path, string body, string says)
    {
        await host.PostAsync(Path, Samples.Body, ("Idempotency-Key", "order-17"));
        var answer = await host.PostAsync(path, body, ("Idempotency-Key", "order-17"));

        var detail = answer.Problem(409, "idempotency-conflict");
        Assert.Contains("order-17", detail, StringComparison.Ordinal);
        Assert.Contains(says, detail, StringComparison.Ordinal);
        Assert.Equal(1, host.Runs.Count);
    }

    [Fact]
    public async Task Start_ExplicitInstanceId_StartsOnceAndConflictsWithAnotherInput()
    {
        var first = await host.PostAsync($"{Path}?instanceId=report%20%C3%A9", Samples.Body);
        var again = await host.PostAsync($"{Path}?instanceId=report%20%C3%A9", Samples.Body);
        var other = await host.PostAsync($"{Path}?instanceId=report%20%C3%A9", """{"calls":[]}""");

        Assert.Equal("report é", first.Text("id"));
        Assert.Equal("/api/runs/report%20%C3%A9", first.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Contains("report é", other.Problem(409, "idempotency-conflict"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(first.Text("statusQueryGetUri"))).Status);
    }

    [Theory]
    [InlineData(RuntimeStatus.Completed, """{"complete":true}""", null)]
    [InlineData(RuntimeStatus.Terminated, "\"too late\"", null)]
    [InlineData(RuntimeStatus.Failed, null, "PermanentFailureException")]
    public async Task Start_WaitAndEndInTime_AnswersTheFinalState(RuntimeStatus status, string? output, string? failure)
    {
        var pending = host.PostAsync($"{Path}?wait=30s&instanceId=w", Samples.Body);
        Assert.Equal(TimeSpan.FromSeconds(30), await host.Time.NextTimerAsync());
        host.Runs.End("w", status, output, failure is null ? null : new FailureDetails { Type = failure, Message = "It broke." });
        var answer = await pending;

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(status.ToString(), answer.Text("runtimeStatus"));
        Assert.Equal(output, answer.Body.TryGetProperty("output", out var value) ? value.GetRawText() : null);
        Assert.Equal(failure, answer.Body.TryGetProperty("failure", out var details) ? details.GetProperty("type").GetString() : null);
        Assert.Equal("/api/runs/w", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("00:00:00.250", 250)]
    public async Task Start_WaitAndNotEndInTime_IsAccepted(string wait, int milliseconds)
    {
        var pending = host.PostAsync($"{Path}?wait={wait}", Samples.Body);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), await host.Time.NextTimerAsync());
        Assert.False(pending.IsCompleted);
        host.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(HttpStatusCode.Accepted, (await pending).Status);
    }

    [Fact]
    public async Task Start_DrainWhileWaiting_IsAcceptedAtOnce()
    {
        var pending = host.PostAsync($"{Path}?wait=30s", Samples.Body);
        await host.Time.NextTimerAsync();
        await host.State.DrainAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await pending).Status);
    }

    [Fact]
    public async Task Start_FunctionKeyInTheQuery_IsCarriedIntoEveryUri()
    {
        var answer = await host.PostAsync($"{Path}?code=a%2Bb%3D", Samples.Body);

        var id = answer.Text("id");
        Assert.Equal($"/api/runs/{id}?code=a%2Bb%3D", answer.Headers.Location!.OriginalString);
        Assert.Equal($"http://localhost/api/runs/{id}/terminate?reason={{text}}&code=a%2Bb%3D", answer.Text("terminatePostUri"));
        Assert.All(answer.Body.EnumerateObject().Where(p => p.Name != "id"), p => Assert.Contains("code=a%2Bb%3D", p.Value.GetString()!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_PublicBaseAddress_IsInEveryUri()
    {
        await using var behind = await ApiHost.StartAsync(options => options.PublicBaseAddress = new Uri("https://agents.example.com/team/"));
        var answer = await behind.PostAsync(Path, Samples.Body);

        var run = $"https://agents.example.com/team/api/runs/{answer.Text("id")}";
        Assert.Equal(run, answer.Headers.Location!.OriginalString);
        Assert.All(answer.Body.EnumerateObject().Where(p => p.Name != "id"), p => Assert.StartsWith(run, p.Value.GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_EngineThrottles_Is429WithRetryAfter()
    {
        host.Runs.Failure = new ThrottledException("10,000 runs are waiting.", TimeSpan.FromMilliseconds(2500));
        var answer = await host.PostAsync(Path, Samples.Body);

        Assert.Contains("10,000 runs", answer.Problem(429, "throttled"), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData("""{"calls":[],"quorum":"bug"}""")]
    [InlineData(null)]
    public async Task Start_DefectInTheHost_IsALogged500ThatTellsNothingOfTheInside(string? body)
    {
        host.Runs.Failure = body is null ? new InvalidOperationException("secret: the engine broke") : null;
        var answer = await host.PostAsync(Path, body ?? Samples.Body);

        answer.Problem(500, "internal-error");
        Assert.DoesNotContain("secret", answer.Body.GetRawText(), StringComparison.Ordinal);
        var line = Assert.Single(host.Log.Errors);
        Assert.Contains("secret", line, StringComparison.Ordinal);
        Assert.Contains(answer.Text("traceId"), line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RecursiveInput_IsCheckedInDepth()
    {
        var answer = await host.PostAsync("/api/runs/Tree", """{"name":"root","children":[{"name":"leaf","children":[{"nam":"x"}]}],"weights":{"a":"heavy"}}""");

        answer.Problem(400, "invalid-input");
        Assert.Equal(["children[0].children[0].nam", "children[0].children[0].name", "weights.a"], answer.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_ManyMisfits_AreCutOffAtTwenty()
    {
        var answer = await host.PostAsync(Path, $$"""{"calls":[{{string.Join(',', Enumerable.Repeat("1", 5000))}}]}""");

        answer.Problem(400, "invalid-input");
        Assert.Equal(20, answer.Body.GetProperty("errors").EnumerateObject().Count());
    }

    [Fact]
    public async Task Start_DeepestBodyAllowed_CanBeReadBack()
    {
        var deep = new string('[', 44) + new string(']', 44);
        var id = (await host.PostAsync(Path, $$$"""{"calls":[{"key":"a","tool":"echo","arguments":{"x":{{{deep}}}}}]}""")).Text("id");

        Assert.Equal(deep, (await host.GetAsync($"/api/runs/{id}")).Body.GetProperty("input").GetProperty("calls")[0].GetProperty("arguments").GetProperty("x").GetRawText());
    }
}
