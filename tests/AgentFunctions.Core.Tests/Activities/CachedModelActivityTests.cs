using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Caching;
using AgentFunctions.Core.Tests.Models.Caching;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.Core.Tests.Activities;

/// <summary>CallModel and StreamModel over models with a cache.</summary>
public sealed class CachedModelActivityTests
{
    private readonly CountedChat model = new();
    private readonly FakeCallCache cache = new();
    private readonly MemoryContentStore store = new();
    private readonly ModelCatalog models;

    public CachedModelActivityTests() => models = new ModelCatalog(
        new ModelOptions { Endpoint = new Uri("https://models.example/v1"), Balanced = new ModelChoice("m", new ModelPrice(1m, 10m)) },
        (_, _) => model,
        resolved => new CachingChatClient(resolved.Client, cache, resolved.Price));

    [Fact]
    public async Task Call_TheSameTwice_CostsOnceAndSaysSo()
    {
        var first = await CallAsync(Ask("Why?"));
        var second = await CallAsync(Ask("Why?"), "acme~another");

        Assert.Equal((new Cost(100, 10, 0.0002m), null), (first.Cost!, first.Cache));
        Assert.Equal((Cost.None, "answer 1", "m-2026", "a remark", "stop"), (second.Cost!, second.Text.Text, second.Model, second.Notice, second.FinishReason));
        Assert.Equal(new Cost(100, 10, 0.0002m), second.Cache!.Saved);
        Assert.Equal((1, "acme"), (model.Calls, cache.Requests[0].Tenant));
    }

    [Theory]
    [InlineData(ModelPurpose.Answer, CacheKind.Response)]
    [InlineData(ModelPurpose.Summarize, CacheKind.Reasoning)]
    [InlineData(ModelPurpose.Combine, CacheKind.Reasoning)]
    [InlineData(ModelPurpose.Classify, CacheKind.Reasoning)]
    [InlineData(ModelPurpose.Rank, CacheKind.Reasoning)]
    [InlineData(ModelPurpose.Judge, CacheKind.Reasoning)]
    public async Task Call_Purpose_IsTheKind(ModelPurpose purpose, CacheKind kind)
    {
        await CallAsync(Ask("Why?") with { Purpose = purpose });
        Assert.Equal((kind, purpose == ModelPurpose.Answer), (cache.Requests[0].Kind, cache.Requests[0].Question is not null));
    }

    [Fact]
    public async Task Call_OneShortUntitledText_IsTheQuestion()
    {
        await CallAsync(Ask("Why?"));
        await CallAsync(Ask(new string('w', 1001)));
        await CallAsync(Ask("Why?", "And how?"));
        await CallAsync(Ask("Why?") with { Parts = [new PromptPart { Title = "a.txt", Content = new Content { Text = "Why?" } }] });
        Assert.Equal(["Why?", null, null, null], cache.Requests.Select(request => request.Question?.Text));
    }

    [Fact]
    public async Task Call_Settings_GoToTheCache()
    {
        var settings = new CacheSettings { Tags = ["prices"], Ttl = TimeSpan.FromMinutes(1) };
        await CallAsync(Ask("Why?") with { Cache = settings });
        Assert.Same(settings, cache.Requests[0].Settings);
        await CallAsync(Ask("Why?") with { Cache = new() { Mode = CacheMode.Off } });
        Assert.Single(cache.Requests);
    }

    [Fact]
    public async Task Call_WrongSettings_ArePermanent() =>
        Assert.Contains("cache.ttl", (await Assert.ThrowsAsync<PermanentFailureException>(() => CallAsync(Ask("Why?") with { Cache = new() { Ttl = TimeSpan.Zero } }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Call_Samples_HaveAnAnswerEach()
    {
        foreach (var sample in new int?[] { 1, 2, 1 }) await CallAsync(Ask("Why?") with { Sample = sample, Temperature = 1 });
        Assert.Equal(2, model.Calls);
    }

    [Fact]
    public async Task Call_OnlyTheCache_OfAModelWithoutOne_NeverAsksIt()
    {
        var bare = new Mock<IModelCatalog>();
        bare.Setup(catalog => catalog.Resolve("balanced")).Returns(new ResolvedModel(model, "m", ModelPrice.Free));
        var activity = new CallModelActivity(bare.Object, store, Mock.Of<IChunkReader>());
        await Assert.ThrowsAsync<CacheMissException>(() => activity.RunAsync(new ActivityContext("run", "CallModel", 1), Ask("Why?") with { Cache = new() { Mode = CacheMode.Only } }, CancellationToken.None));
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task Stream_TheSameTwice_StreamsTheKeptAnswer()
    {
        var output = new List<string>();
        await StreamAsync(Turn("Why?"), output);
        var second = await StreamAsync(Turn("Why?") with { Turn = 7, ToolCallEvent = "told" }, output);
        Assert.Equal((1, "answer 1", Cost.None), (model.Calls, second.Text.Text, second.Cost!));
        Assert.NotNull(second.Cache);
        Assert.Equal(["answer 1", "answer 1"], output);
        Assert.Equal("Why?", cache.Requests[0].Question!.Text);
    }

    [Fact]
    public async Task Stream_KeptToolCalls_AreCalledAgain()
    {
        model.Answer = _ => [CountedChat.Call("c1", "echo", new() { ["value"] = 1 }), CountedChat.End("tool_calls", 100, 10)];
        var call = Turn("Why?") with { Tools = ["echo"] };
        var first = await StreamAsync(call, []);
        var second = await StreamAsync(call, []);
        Assert.Equal((first.Head, 1), (second.Head, model.Calls));
        Assert.Equal("""{"value":1}""", Assert.Single(second.ToolCalls).Arguments!.Value.GetRawText());
        Assert.Null(cache.Requests[0].Question);
    }

    [Fact]
    public async Task Stream_WhatWasSaidBefore_MakesItNoQuestion()
    {
        var head = (await StreamAsync(Turn("Why?"), [])).Head;
        await StreamAsync(Turn("And how?") with { Head = head }, []);
        Assert.Null(cache.Requests[1].Question);
        Assert.Equal(2, model.Calls);
    }

    private static ModelCall Ask(params string[] parts) => new() { Instructions = "Answer.", Parts = [.. parts.Select(text => new PromptPart { Content = new Content { Text = text } })] };

    private static ChatCall Turn(string text) => new() { Instructions = "Answer.", Append = [new ConversationMessage { Role = ConversationRole.User, Content = new Content { Text = text } }], Stream = true };

    private Task<ModelReply> CallAsync(ModelCall call, string run = "acme~run") => new CallModelActivity(models, store, Mock.Of<IChunkReader>()).RunAsync(new ActivityContext(run, "CallModel", 1), call, CancellationToken.None);

    private Task<ChatReply> StreamAsync(ChatCall call, List<string> tokens)
    {
        var output = new Mock<IRunOutput>();
        output.Setup(it => it.AppendAsync(It.IsAny<string>(), RunOutputKinds.Token, It.IsAny<System.Text.Json.JsonElement>(), It.IsAny<CancellationToken>()))
            .Callback((string _, string _, System.Text.Json.JsonElement data, CancellationToken _) => tokens.Add(data.GetProperty("text").GetString()!));
        return new StreamModelActivity(models, new ToolRegistry([new EchoTool()]), store, new ConversationStore(store), output.Object, () => null, NullLogger.Instance)
            .RunAsync(new ActivityContext("acme~run", "StreamModel", 1), call, CancellationToken.None);
    }
}
