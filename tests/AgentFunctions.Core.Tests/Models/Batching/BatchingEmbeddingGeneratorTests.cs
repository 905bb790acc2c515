using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Batching;

public sealed class BatchingEmbeddingGeneratorTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly ScriptedEmbeddings model = new();
    private readonly BatchingEmbeddingGenerator generator;

    public BatchingEmbeddingGeneratorTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        generator = new BatchingEmbeddingGenerator(model, new BatchOptions(), time);
    }

    public void Dispose() => generator.Dispose();

    [Fact]
    public async Task Generate_AloneAndNobodyLikelyToJoin_GoesAtOnceAsItIs()
    {
        var made = await generator.GenerateAsync(["a", "bb"], Options(run: "tenant.run-1"));

        var request = Assert.Single(model.Requests);
        Assert.Equal(["a", "bb"], request.Texts);
        Assert.Equal(2, made[1].Vector.Span[0]);
        Assert.Equal((1000L, "scripted"), (made.Usage!.InputTokenCount, made.AdditionalProperties!["model"]));
        Assert.False(request.Options!.AdditionalProperties!.ContainsKey(ModelProperties.Run));
    }

    [Fact]
    public async Task Generate_WhileOneIsInFlight_TheOthersGoTogetherAndEachHasItsOwn()
    {
        var calls = Started(["first"], ["one", "two"], ["three"], ["four", "five", "six"]);
        Assert.Single(model.Requests);

        time.Advance(TimeSpan.FromMilliseconds(50));
        model.AnswerAll();

        Assert.Equal(["one", "two", "three", "four", "five", "six"], model.Requests[1].Texts);
        for (var i = 0; i < 4; i++) Assert.Equal(Texts(i).Select(text => (float)text.Length), (await calls[i]).Select(vector => vector.Vector.Span[0]));
        Assert.Equal(1000, (await calls[1]).Usage!.InputTokenCount + (await calls[2]).Usage!.InputTokenCount + (await calls[3]).Usage!.InputTokenCount);
        Assert.True((await calls[3]).Usage!.TotalTokenCount > (await calls[2]).Usage!.TotalTokenCount);

        static string[] Texts(int call) => call switch { 0 => ["first"], 1 => ["one", "two"], 2 => ["three"], _ => ["four", "five", "six"] };
    }

    [Theory]
    [InlineData(RunPriority.Interactive, 10)]
    [InlineData(RunPriority.Workflow, 50)]
    [InlineData(RunPriority.Background, 500)]
    public void Generate_InEachLane_WaitsItsLongestAndNoLonger(RunPriority lane, int milliseconds)
    {
        Started(["first"]);
        _ = generator.GenerateAsync(["x"], Options(lane));
        time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.Single(model.Requests);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, model.Requests.Count);
        Assert.Equal(lane, model.Requests[1].Options!.AdditionalProperties![ModelProperties.Priority]);
    }

    [Fact]
    public void Generate_LanesTogether_GoWithTheFirstThatIsDueAndInTheHighestLane()
    {
        Started(["first"]);
        _ = generator.GenerateAsync(["background"], Options(RunPriority.Background));
        _ = generator.GenerateAsync(["workflow"], Options());
        _ = generator.GenerateAsync(["interactive"], Options(RunPriority.Interactive));

        time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(["interactive", "workflow", "background"], model.Requests[1].Texts);
        Assert.Equal(RunPriority.Interactive, model.Requests[1].Options!.AdditionalProperties![ModelProperties.Priority]);
    }

    [Fact]
    public void Generate_WhatWouldChangeAVector_IsNeverMixed()
    {
        Started(["first"]);
        _ = generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "m", Dimensions = 8 });
        _ = generator.GenerateAsync(["b"], new EmbeddingGenerationOptions { ModelId = "m", Dimensions = 16 });
        _ = generator.GenerateAsync(["c"], new EmbeddingGenerationOptions { ModelId = "n", Dimensions = 8 });
        _ = generator.GenerateAsync(["d"], new EmbeddingGenerationOptions { ModelId = "m", Dimensions = 8, AdditionalProperties = new() { ["input_type"] = "query" } });
        _ = generator.GenerateAsync(["e"], new EmbeddingGenerationOptions { ModelId = "m", Dimensions = 8, RawRepresentationFactory = _ => null });
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.All(model.Requests, request => Assert.Single(request.Texts));
        Assert.Equal(6, model.Requests.Count);
        Assert.Equal("query", model.Requests.Single(request => request.Texts[0] == "d").Options!.AdditionalProperties!["input_type"]);
    }

    [Fact]
    public async Task Generate_TheDeploymentRefusesAll_IsNotAskedAgainForEachText()
    {
        model.Script = _ => throw new DeploymentRefusedException("The key is not valid.");
        var calls = Started([.. Enumerable.Range(0, 9).Select(i => new[] { $"text {i}" })]);
        model.Holds = false;

        time.Advance(TimeSpan.FromMilliseconds(50));
        model.AnswerAll();

        foreach (var call in calls) await Assert.ThrowsAsync<DeploymentRefusedException>(() => call);
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task Generate_OneBadText_FailsItsOwnCallAndNoOther()
    {
        model.Script = request =>
        {
            if (request.Texts.Contains("bad")) throw new PermanentFailureException("A text is wrong.");
        };
        var calls = Started([.. Enumerable.Range(0, 9).Select(i => new[] { i == 6 ? "bad" : $"text {i}" })]);
        model.Holds = false;

        time.Advance(TimeSpan.FromMilliseconds(50));
        model.AnswerAll();

        await Assert.ThrowsAsync<PermanentFailureException>(() => calls[6]);
        foreach (var (call, i) in calls.Select((call, i) => (call, i)).Where(call => call.i != 6)) Assert.Equal(ScriptedEmbeddings.VectorOf($"text {i}").Vector, (await call)[0].Vector);

        // Eight together, two of four, two of two, two of one; and the first alone.
        Assert.Equal(8, model.Requests.Count);
    }

    [Fact]
    public async Task Generate_ProviderRefusesForNow_AllHearIt()
    {
        var calls = Started(["first"], ["a"], ["b"]);
        model.AnswerAll();
        await calls[0];
        model.Script = _ => throw new ThrottledException("busy", TimeSpan.FromSeconds(3));

        time.Advance(TimeSpan.FromMilliseconds(50));
        model.AnswerAll();

        foreach (var call in calls.Skip(1)) Assert.Equal(TimeSpan.FromSeconds(3), (await Assert.ThrowsAsync<ThrottledException>(() => call)).RetryAfter);
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task Generate_OneIsCancelledInFlight_TheOthersGetTheirs()
    {
        using var cancel = new CancellationTokenSource();
        Started(["first"]);
        var left = generator.GenerateAsync(["left"], Options(), cancel.Token);
        var other = generator.GenerateAsync(["other"], Options());
        time.Advance(TimeSpan.FromMilliseconds(50));

        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.False(model.Requests[1].Cancellation.IsCancellationRequested);
        model.AnswerAll();

        Assert.Equal(5, (await other)[0].Vector.Span[0]);
    }

    [Fact]
    public async Task Generate_AllAreCancelledInFlight_TheRequestIsDropped()
    {
        using var cancel = new CancellationTokenSource();
        Started(["first"]);
        Task[] calls = [generator.GenerateAsync(["a"], Options(), cancel.Token), generator.GenerateAsync(["b"], Options(), cancel.Token)];
        time.Advance(TimeSpan.FromMilliseconds(50));
        cancel.Cancel();
        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(model.Requests[1].Cancellation.IsCancellationRequested);
        Assert.False(model.Requests[0].Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task Generate_CancelledWhileItWaits_IsNeverSent()
    {
        using var cancel = new CancellationTokenSource();
        Started(["first"]);
        var left = generator.GenerateAsync(["left"], Options(), cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(model.Requests);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["x"], Options(), cancel.Token));
    }

    [Fact]
    public async Task Generate_MoreThanARequestMayCarry_IsCutAndPutTogether()
    {
        string[] texts = [.. Enumerable.Range(0, 5000).Select(i => new string('x', (i % 7) + 1))];
        var made = await generator.GenerateAsync(texts);
        Assert.Equal([2048, 2048, 904], model.Requests.Select(request => request.Texts.Length));
        Assert.Equal(texts.Select(text => (float)text.Length), made.Select(vector => vector.Vector.Span[0]));
        Assert.Equal(3000, made.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Generate_ModelGivesAnotherNumber_IsRefused()
    {
        using var wrong = new BatchingEmbeddingGenerator(new Dropping(model), new BatchOptions(), time);
        Assert.Contains("1 vectors for 2 texts", (await Assert.ThrowsAsync<ModelUnavailableException>(() => wrong.GenerateAsync(["a", "b"]))).Message, StringComparison.Ordinal);
        Assert.Empty(await wrong.GenerateAsync([]));
    }

    [Fact]
    public async Task Generate_UsageIsNotReported_StaysUnknown()
    {
        model.TokensOfARequest = null;
        Assert.Null((await generator.GenerateAsync(["a"])).Usage);
    }

    [Fact]
    public async Task Generate_FullAndSlow_BatchesGetSmaller()
    {
        Assert.Equal(256, generator.BatchSize);
        model.Holds = true;
        var call = generator.GenerateAsync(Enumerable.Repeat("x", 300));
        time.Advance(TimeSpan.FromSeconds(3));
        model.AnswerAll();
        await call;
        Assert.Equal(128, generator.BatchSize);
    }

    [Fact]
    public async Task Dispose_WhileSomeWait_TheyHear()
    {
        Started(["first"]);
        var call = generator.GenerateAsync(["x"], Options());
        generator.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(["y"], Options()));
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        var result = new BatchOptionsValidation().Validate(null, new BatchOptions { InteractiveWait = TimeSpan.FromSeconds(-1), MaxTexts = 4000, TargetLatency = TimeSpan.Zero });
        Assert.Equal(
            ["Batching:InteractiveWait is -00:00:01. Set it to between 00:00:00 and 00:00:10.", "Batching:MaxTexts is 4000. Set it to between 1 and 2048.", "Batching:TargetLatency is 00:00:00. Set it to between 00:00:00.0500000 and 00:01:00."],
            result.Failures);
        Assert.True(new BatchOptionsValidation().Validate(null, new BatchOptions()).Succeeded);
    }

    private static EmbeddingGenerationOptions Options(RunPriority lane = RunPriority.Workflow, string? run = null) =>
        new() { AdditionalProperties = new() { [ModelProperties.Priority] = lane, [ModelProperties.Run] = run } };

    private List<Task<GeneratedEmbeddings<Embedding<float>>>> Started(params string[][] calls)
    {
        model.Holds = true;
        return [.. calls.Select(texts => generator.GenerateAsync(texts, Options()))];
    }

    private sealed class Dropping(IEmbeddingGenerator<string, Embedding<float>> inner) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            [.. (await base.GenerateAsync(values, options, cancellationToken)).Skip(1)];
    }
}
