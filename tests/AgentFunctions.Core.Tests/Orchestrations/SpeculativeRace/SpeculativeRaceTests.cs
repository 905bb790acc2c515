using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.SpeculativeRace;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.SpeculativeRace;

public sealed class SpeculativeRaceTests
{
    private readonly ScriptedWorld world = new();

    [Fact]
    public void RunAsync_FirstIsQuick_TheSecondNeverStarts()
    {
        Models(("fast", After(100, Reply("quick"))), ("capable", After(100, Reply("slow"))));
        var run = world.RunJson("SpeculativeRace", """{"prompt":"Why?","paths":[{"key":"small","model":"fast","startAfter":"00:00:00"},{"key":"full","model":"capable","startAfter":"00:00:00.200"}]}""");
        Assert.Equal(
            """{"winner":"small","answer":"quick","model":"m","paths":[{"key":"small","status":"Succeeded","started":"00:00:00.000","elapsed":"00:00:00.100","cost":{"inputTokens":2,"outputTokens":1,"usd":0.5,"estimated":false}},{"key":"full","status":"Skipped","elapsed":"00:00:00.000"}],"cost":{"inputTokens":2,"outputTokens":1,"usd":0.5,"estimated":false},"wasted":{"inputTokens":0,"outputTokens":0,"usd":0,"estimated":false},"notice":"scripted"}""",
            JsonSerializer.Serialize(run.Ended()));
        Assert.Equal(1, world.Calls("CallModel"));
        Assert.Equal(1, world.Cancelled["timer"]);
        Assert.Equal(100, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_FirstIsSlow_TheSecondWinsAndTheFirstIsCancelled()
    {
        Models(("fast", Never<ModelReply>()), ("capable", After(300, Reply("full"))));
        var run = Run(("small", "fast", 0), ("full", "capable", 200));
        var result = run.Ended();
        Assert.Equal(("full", "full"), (result.Winner, result.Answer));
        Assert.Equal(500, run.Elapsed.TotalMilliseconds);
        Assert.Equal((BranchStatus.Cancelled, 500), (result.Paths[0].Status, result.Paths[0].Elapsed.TotalMilliseconds));
        Assert.Equal(200, result.Paths[1].Started!.Value.TotalMilliseconds);
        Assert.Equal(1, world.Cancelled["activity"]);

        // 19 characters of instructions and 9 of the prompt, at four a token.
        Assert.Equal(new Cost(7, 0, 0, Estimated: true), result.Paths[0].Cost);
        Assert.Equal(new Cost(7, 0, 0, Estimated: true), result.Wasted);
        Assert.Equal(new Cost(9, 1, 0.5m, Estimated: true), result.Cost);
    }

    [Fact]
    public void RunAsync_FirstFails_TheNextStartsWithoutWaiting()
    {
        Models(("fast", Fails<ModelReply>(50, new IOException("down"))), ("balanced", Fails<ModelReply>(50, new IOException("down too"))), ("capable", After(100, Reply("full"))));
        var run = Run(("full", "capable", 10_000), ("small", "fast", 0), ("middle", "balanced", 5_000));
        var result = run.Ended();
        Assert.Equal("full", result.Winner);
        Assert.Equal(200, run.Elapsed.TotalMilliseconds);
        Assert.Equal([100d, 0, 50], result.Paths.Select(path => path.Started!.Value.TotalMilliseconds));
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Failed, BranchStatus.Failed], result.Paths.Select(path => path.Status));
        Assert.Equal("down", result.Paths[1].Error!.Message);
        Assert.Equal(2, world.Cancelled["timer"]);
    }

    [Fact]
    public void RunAsync_OneFailsWhileAnotherRuns_TheNextKeepsItsTime()
    {
        Models(("fast", Fails<ModelReply>(50, new IOException("down"))), ("balanced", After(5_000, Reply("b"))), ("capable", After(100, Reply("full"))));
        var result = Run(("a", "fast", 0), ("b", "balanced", 0), ("c", "capable", 1_000)).Ended();
        Assert.Equal(1_000, result.Paths[2].Started!.Value.TotalMilliseconds);
        Assert.Equal("c", result.Winner);
    }

    [Fact]
    public void RunAsync_InvalidAnswer_DoesNotWinAndIsWasted()
    {
        Models(("fast", After(10, Reply("  no  "))), ("capable", After(10, Reply("a full ANSWER"))));
        var run = world.RunJson("SpeculativeRace", """{"prompt":"Why?","paths":[{"key":"small","model":"fast"},{"key":"full","model":"capable","startAfter":"00:01:00"}],"accept":{"minLength":3,"mustContain":"answer"}}""");
        var result = run.Ended();
        Assert.Equal("full", result.GetProperty("winner").GetString());
        Assert.Equal("The answer has 2 characters, but accept.minLength is 3.", result.GetProperty("paths")[0].GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(2, result.GetProperty("wasted").GetProperty("inputTokens").GetInt32());
        Assert.Equal(20, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_StoredAnswer_IsReadBeforeItIsJudged()
    {
        Models(("fast", After(10, Reply("") with { Text = new Content { Ref = new ContentRef(new string('a', 64), 9) } })));
        world.Activity(ActivityReferences.ReadContent, _ => After(5, "a long answer"));
        Assert.Equal("a long answer", Run(("small", "fast", 0)).Ended().Answer);
    }

    [Fact]
    public void RunAsync_AllFail_TheRunFailsAndNamesEach()
    {
        Models(("fast", Fails<ModelReply>(50, new PermanentFailureException("no fast model"))), ("capable", After(10, Reply(""))));
        var run = Run(("small", "fast", 0), ("full", "capable", 200));
        Assert.Equal("AllPathsFailed", run.Failure!.Type);
        Assert.Equal("No path gave a valid answer. small (fast): PermanentFailureException: no fast model full (capable): InvalidAnswer: The answer is empty.", run.Failure.Message);
        Assert.False(run.Failure.Permanent);
        Assert.Empty(run.LeftOpen);
    }

    [Fact]
    public void RunAsync_AnyScript_EndsWithNothingLeftRunning()
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            var first = RunRandom(seed);
            Assert.Equal(first.Log, RunRandom(seed).Log);
        }
    }

    [Theory]
    [InlineData("""{"paths":[{"key":"a","model":"fast"}]}""", "prompt", "The prompt is empty.")]
    [InlineData("""{"prompt":"p","promptRef":{"sha256":"aa","length":1},"paths":[{"key":"a","model":"fast"}]}""", "prompt", "Both 'prompt' and 'promptRef' are set.")]
    [InlineData("""{"promptRef":{"sha256":"aa","length":1},"paths":[{"key":"a","model":"fast"}]}""", "promptRef", "'aa' with length 1 is no content address.")]
    [InlineData("""{"prompt":"p","paths":[]}""", "paths", "There are 0 paths. Send 1 to 20.")]
    [InlineData("""{"prompt":"p","paths":[null]}""", "paths[0]", "The path is null.")]
    [InlineData("""{"prompt":"p","paths":[{"key":"a","model":""}]}""", "paths[0].model", "The model is empty.")]
    [InlineData("""{"prompt":"p","paths":[{"key":"a","model":"fast"},{"key":"a","model":"fast"}]}""", "paths[1].key", "The key 'a' is also that of paths[0].key.")]
    [InlineData("""{"prompt":"p","paths":[{"key":"a","model":"fast","startAfter":"-00:00:01"}]}""", "paths[0].startAfter", "startAfter is -00:00:01. It must be 0 to 1 hour.")]
    [InlineData("""{"prompt":"p","paths":[{"key":"a","model":"fast"}],"accept":{"minLength":-1}}""", "accept.minLength", "minLength is -1.")]
    [InlineData("""{"prompt":"p","paths":[{"key":"a","model":"fast"}],"accept":{"mustContain":""}}""", "accept.mustContain", "mustContain has 0 characters.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message)
    {
        var errors = world.Catalog.Orchestrator("SpeculativeRace").Validate(JsonDocument.Parse(input).RootElement, world.Json).ByPath;
        Assert.StartsWith(message, Assert.Contains(path, errors)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrepareAsync_LongPrompt_IsStored()
    {
        var store = new Moq.Mock<IContentStore>();
        store.Setup(it => it.PutAsync(Moq.It.IsAny<ReadOnlyMemory<byte>>(), Moq.It.IsAny<CancellationToken>())).Returns((ReadOnlyMemory<byte> value, CancellationToken _) => Task.FromResult(ContentRef.Of(value.Span)));
        var input = new SpeculativeRaceInput { Prompt = new string('p', 3_000), Paths = [] };
        var prepared = await new SpeculativeRaceOrchestrator().PrepareAsync(input, store.Object, CancellationToken.None);
        Assert.Null(prepared.Prompt);
        Assert.Equal(3_000, prepared.PromptRef!.Length);
        Assert.Same(prepared, await new SpeculativeRaceOrchestrator().PrepareAsync(prepared, store.Object, CancellationToken.None));
    }

    /// <summary>A race of random delays and failures; its promises are checked against a plain calculation of who can win when.</summary>
    private static ScriptedWorld RunRandom(ulong seed)
    {
        var random = new ReplaySafeRandom(seed);
        var trial = new ScriptedWorld();
        var count = 1 + Next(6);
        var scripts = Enumerable.Range(0, count).Select(_ => (Delay: Next(500), Fails: Next(2) == 0)).ToList();
        trial.Activity(ActivityReferences.CallModel, call => scripts[Place(call.Input.Model)] is var (delay, fails) && fails ? Fails<ModelReply>(delay, new IOException("down")) : After(delay, Reply("fine")));
        var input = new SpeculativeRaceInput { Prompt = "p", Paths = [.. Enumerable.Range(0, count).Select(i => new RacePath { Key = $"k{i}", Model = $"{i}", StartAfter = TimeSpan.FromMilliseconds(Next(3) * 100) })] };
        var run = trial.Run(OrchestratorReferences.SpeculativeRace, input);
        Assert.Empty(run.LeftOpen);
        if (run.Failure is not null)
        {
            Assert.True(scripts.TrueForAll(script => script.Fails), $"seed {seed}: failed though a path can answer");
            return trial;
        }

        var winner = run.Result!.Paths.Single(path => path.Status == BranchStatus.Succeeded);
        Assert.Equal(run.Elapsed, winner.Started + winner.Elapsed);
        Assert.All(run.Result.Paths, path => Assert.True((path.Started ?? TimeSpan.Zero) + path.Elapsed <= run.Elapsed, $"seed {seed}: {path.Key} outlived the race"));
        Assert.All(run.Result.Paths, path => Assert.True(path.Started is null || path.Started <= input.Paths.Single(it => it.Key == path.Key).StartAfter, $"seed {seed}: {path.Key} started late"));
        return trial;

        int Next(int below) => (int)(random.NextDouble() * below);
        int Place(string model) => int.Parse(model, System.Globalization.CultureInfo.InvariantCulture);
    }

    private ScriptedRun<SpeculativeRaceResult> Run(params (string Key, string Model, int StartAfter)[] paths) => world.Run(
        OrchestratorReferences.SpeculativeRace,
        new SpeculativeRaceInput { Prompt = "Say why.!", Paths = [.. paths.Select(path => new RacePath { Key = path.Key, Model = path.Model, StartAfter = TimeSpan.FromMilliseconds(path.StartAfter) })] });

    private void Models(params (string Model, Scripted<ModelReply> Script)[] models) => world.Activity(ActivityReferences.CallModel, call => models.Single(model => model.Model == call.Input.Model).Script);

    private static ModelReply Reply(string text) => new() { Text = new Content { Text = text }, Model = "m", Cost = new Cost(2, 1, 0.5m), Notice = "scripted" };
}
