using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Tests.Caching;
using Microsoft.Extensions.AI;
using static AgentFunctions.Core.Tests.Models.Caching.CountedChat;

namespace AgentFunctions.Core.Tests.Models.Caching;

public sealed class CachingChatClientTests : IDisposable
{
    private static readonly ModelCacheScope Acme = new() { Tenant = "acme" };
    private readonly CountedChat model = new();
    private readonly FakeCallCache cache = new();
    private readonly CachingChatClient client;

    public CachingChatClientTests() => client = new CachingChatClient(model, cache, new ModelPrice(1m, 10m));

    public void Dispose() => client.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_TheSameTwice_IsAnsweredFromTheCacheAndSaysSo(bool streams)
    {
        var first = await AskAsync(Options(Acme), streams);
        var second = await AskAsync(Options(Acme), streams);

        Assert.Equal(1, model.Calls);
        Assert.Equal(("answer 1", "answer 1"), (first.Text, second.Text));
        Assert.Equal(("m-2026", ChatFinishReason.Stop), (second.ModelId, second.FinishReason));
        Assert.Equal("a remark", second.AdditionalProperties![ModelProperties.Notice]);
        Assert.Null(NoteOf(first));
        Assert.Equal((CacheSource.Memory, new Cost(100, 10, 0.0002m)), (NoteOf(second)!.Source, NoteOf(second)!.Saved));
        Assert.Equal((100L, null), (first.Usage!.InputTokenCount, second.Usage));
    }

    [Fact]
    public async Task Ask_AStreamAndOnePiece_ShareAnAnswer()
    {
        await AskAsync(Options(Acme), streams: true);
        Assert.NotNull(NoteOf(await AskAsync(Options(Acme), streams: false)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_WithoutAScope_IsNotCached(bool streams)
    {
        await AskAsync(new ChatOptions(), streams);
        await AskAsync(null, streams);
        Assert.Equal((2, 0), (model.Calls, cache.Requests.Count));
    }

    [Fact]
    public async Task Ask_AnotherTenant_GetsNoneOfItsAnswers()
    {
        await AskAsync(Options(Acme));
        await AskAsync(Options(Acme with { Tenant = "globex" }));
        Assert.Equal(2, model.Calls);
        await AskAsync(Options(Acme with { Settings = new() { Shared = true } }));
        Assert.NotNull(NoteOf(await AskAsync(Options(Acme with { Tenant = "globex", Settings = new() { Shared = true } }))));
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    [InlineData("something_new")]
    public async Task Ask_AnAnswerThatIsNotComplete_IsNotKept(string reason)
    {
        model.Answer = _ => [Text("half an"), End(reason)];
        Assert.Equal(reason, (await AskAsync(Options(Acme), streams: true)).FinishReason!.Value.Value);
        await AskAsync(Options(Acme));
        Assert.Equal((2, 0), (model.Calls, cache.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_AnEmptyAnswer_IsNotKept(bool streams)
    {
        model.Answer = _ => [Text(" "), End("stop")];
        await AskAsync(Options(Acme), streams);
        Assert.Equal(0, cache.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_TheModelFails_FailsAndKeepsNothing(bool streams)
    {
        model.BeforeUpdate = (update, _) => update == 1 ? throw new IOException("The line broke.") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => AskAsync(Options(Acme), streams));
        model.BeforeUpdate = null;
        Assert.Null(NoteOf(await AskAsync(Options(Acme), streams)));
    }

    [Fact]
    public async Task Ask_ToolCalls_ComeBackWhole()
    {
        model.Answer = _ => [Text("I look."), Call("c1", "search", new() { ["q"] = JsonElement.Parse("""{"a":[1,2.50]}"""), ["top"] = JsonElement.Parse("3") }), End("tool_calls")];
        await AskAsync(Options(Acme), streams: true);
        foreach (var streams in new[] { true, false })
        {
            var again = await AskAsync(Options(Acme), streams);
            var call = Assert.Single(again.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
            Assert.Equal(("c1", "search", """{"a":[1,2.50]}""", "3"), (call.CallId, call.Name, call.Arguments!["q"]!.ToString(), call.Arguments["top"]!.ToString()));
            Assert.Equal(("I look.", ChatFinishReason.ToolCalls), (again.Text, again.FinishReason));
        }

        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task Ask_ToolCallsThatCantBeRead_AreNotKept()
    {
        model.Answer = _ => [new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c1", "search") { Exception = new JsonException("no JSON"), RawRepresentation = "{q" }]), End("tool_calls")];
        await AskAsync(Options(Acme), streams: true);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Ask_SampledOnPurpose_IsCachedOnlyByItsSample()
    {
        var warm = Options(Acme);
        warm.Temperature = 0.7f;
        await AskAsync(warm);
        await AskAsync(warm);
        Assert.Equal((2, 0), (model.Calls, cache.Requests.Count));

        foreach (var sample in new[] { 1, 2, 1, 2 })
        {
            var options = Options(Acme with { Sample = sample });
            options.Temperature = 0.7f;
            await AskAsync(options);
        }

        Assert.Equal(4, model.Calls);
    }

    [Fact]
    public async Task Ask_Anew_ReplacesWhatIsKept()
    {
        await AskAsync(Options(Acme));
        Assert.Equal("answer 2", (await AskAsync(Options(Acme with { Settings = new() { Mode = CacheMode.Refresh } }))).Text);
        Assert.Equal("answer 2", (await AskAsync(Options(Acme))).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_OnlyTheCache_NeverAsksTheModel(bool streams)
    {
        var only = Options(Acme with { Settings = new() { Mode = CacheMode.Only } });
        await Assert.ThrowsAsync<CacheMissException>(() => AskAsync(only, streams));
        only.Temperature = 1;
        Assert.Contains("at temperature 1 none is kept", (await Assert.ThrowsAsync<CacheMissException>(() => AskAsync(only, streams))).Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Calls);
    }

    [Fact]
    public async Task Stream_AMiss_FlowsBeforeTheAnswerIsComplete()
    {
        var rest = new TaskCompletionSource();
        model.Answer = _ => [Text("first "), Text("second"), End("stop")];
        model.BeforeUpdate = (update, _) => update == 1 ? rest.Task : Task.CompletedTask;
        await using var updates = client.GetStreamingResponseAsync(Ask("Hi"), Options(Acme)).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(("first ", 0), (updates.Current.Text, cache.Count));
        rest.SetResult();
        while (await updates.MoveNextAsync())
        {
        }

        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task Stream_NobodyReadsOn_EndsTheCallAndKeepsNothing()
    {
        var ended = new TaskCompletionSource();
        model.Answer = _ => [Text("first "), Text("second"), End("stop")];
        model.BeforeUpdate = async (update, stop) =>
        {
            if (update == 0) return;
            await using var registration = stop.Register(ended.SetResult);
            await ended.Task;
        };
        await foreach (var update in client.GetStreamingResponseAsync(Ask("Hi"), Options(Acme)))
        {
            Assert.Equal("first ", update.Text);
            break;
        }

        await ended.Task;
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Stream_Cancelled_IsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        model.BeforeUpdate = async (_, stop) =>
        {
            await cancellation.CancelAsync();
            stop.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(Ask("Hi"), Options(Acme), cancellation.Token)) Assert.Fail($"It gave '{update.Text}'.");
        });
    }

    [Fact]
    public async Task Ask_AStaleAnswer_IsServedWithItsNoteAndNotTheNewOne()
    {
        await AskAsync(Options(Acme));
        cache.ServesStale = true;
        foreach (var streams in new[] { false, true })
        {
            var before = model.Calls;
            var stale = await AskAsync(Options(Acme), streams);
            Assert.Equal((before + 1, $"answer {before}", CacheSource.Stale), (model.Calls, stale.Text, NoteOf(stale)!.Source));
        }
    }

    [Fact]
    public async Task Stream_ALongAnswer_ComesInPiecesThatMakeItUp()
    {
        var text = string.Concat(Enumerable.Repeat("a😀", 900));
        model.Answer = _ => [Text(text), End("stop")];
        await AskAsync(Options(Acme));
        List<string> pieces = [];
        await foreach (var update in client.GetStreamingResponseAsync(Ask("Hi"), Options(Acme))) pieces.Add(update.Text);
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 0, 1001));
        Assert.All(pieces.Where(piece => piece.Length > 0), piece => Assert.False(char.IsHighSurrogate(piece[^1])));
    }

    [Fact]
    public async Task Ask_AQuestionWithTheSameMeaning_IsAnsweredWithItsNote()
    {
        cache.Alike = (asked, earlier) => (asked, earlier) == ("How do I reset it?", "How can I reset it?") ? 0.93 : null;
        await client.GetResponseAsync(Ask("How can I reset it?"), Options(Acme with { Question = "How can I reset it?" }));
        var semantic = await client.GetResponseAsync(Ask("How do I reset it?"), Options(Acme with { Question = "How do I reset it?" }));
        Assert.Equal((CacheSource.Semantic, "How can I reset it?", 0.93), (NoteOf(semantic)!.Source, NoteOf(semantic)!.Question, NoteOf(semantic)!.Score));

        // Other instructions make it another question.
        var other = await client.GetResponseAsync([new(ChatRole.System, "Be rude."), .. Ask("How do I reset it?")], Options(Acme with { Question = "How do I reset it?" }));
        Assert.Null(NoteOf(other));
    }

    [Theory]
    [InlineData("How do I reset it? Now.")]
    [InlineData("How")]
    public async Task Ask_AMessageThatSaysMoreThanTheQuestion_HasNoQuestion(string said)
    {
        await client.GetResponseAsync(Ask(said), Options(Acme with { Question = "How do I reset it?" }));
        Assert.Null(cache.Requests[0].Question);
    }

    private static ChatMessage[] Ask(string text) => [new(ChatRole.User, text)];

    private static ChatOptions Options(ModelCacheScope scope) => new() { ModelId = "m", AdditionalProperties = new() { [ModelProperties.CacheScope] = scope } };

    private static CacheNote? NoteOf(ChatResponse response) => response.AdditionalProperties?.GetValueOrDefault(ModelProperties.CacheNote) as CacheNote;

    private async Task<ChatResponse> AskAsync(ChatOptions? options, bool streams = false)
    {
        if (!streams) return await client.GetResponseAsync(Ask("Hi"), options);
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in client.GetStreamingResponseAsync(Ask("Hi"), options)) updates.Add(update);
        return updates.ToChatResponse();
    }
}
