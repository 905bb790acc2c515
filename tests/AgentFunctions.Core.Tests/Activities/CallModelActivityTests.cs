using System.Text;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using Microsoft.Extensions.AI;
using Moq;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class CallModelActivityTests
{
    private static readonly ActivityContext Context = new("run", "CallModel", 1);
    private readonly Mock<IChatClient> client = new();
    private readonly Mock<IContentStore> store = new();
    private readonly Mock<IChunkReader> chunks = new();
    private readonly Mock<IModelCatalog> catalog = new();
    private List<ChatMessage>? messages;
    private ChatOptions? options;

    public CallModelActivityTests()
    {
        catalog.Setup(c => c.Resolve("balanced")).Returns(new ResolvedModel(client.Object, "gpt-x", new ModelPrice(1m, 10m)));
        Answer(new ChatResponse(new ChatMessage(ChatRole.Assistant, "The answer.")) { ModelId = "gpt-x-2026", FinishReason = ChatFinishReason.Stop, Usage = new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 200 } });
    }

    [Fact]
    public async Task Run_Parts_BecomeOneUserMessageInOrderUnderTheirTitles()
    {
        var stored = ContentRef.Of("stored text"u8);
        var set = new ChunkAddress(stored, 3);
        store.Setup(s => s.GetAsync(stored, It.IsAny<CancellationToken>())).ReturnsAsync("stored text"u8.ToArray());
        chunks.Setup(c => c.ReadAsync(set, It.IsAny<CancellationToken>())).ReturnsAsync("chunk text");
        await RunAsync(Call(new PromptPart { Content = new Content { Text = "inline" } }, new PromptPart { Title = "a.txt\nb", Content = new Content { Ref = stored } }, new PromptPart { Title = "c", Chunk = set }) with { MaxOutputTokens = 50, Temperature = 1, Purpose = ModelPurpose.Combine });

        Assert.Equal([ChatRole.System, ChatRole.User], messages!.Select(message => message.Role));
        Assert.Equal("Do it.", messages![0].Text);
        Assert.Equal(["inline", "# a.txt b\n\nstored text", "# c\n\nchunk text"], messages[1].Contents.Cast<TextContent>().Select(content => content.Text), StringComparer.Ordinal);
        Assert.Equal(50, options!.MaxOutputTokens);
        Assert.Equal(1f, options.Temperature);
        Assert.Equal("gpt-x", options.ModelId);
        Assert.Equal(ModelPurpose.Combine, options.AdditionalProperties![ModelProperties.Purpose]);
    }

    [Theory]
    [InlineData("", """{"title":"North \"road\"","rows":[[1, 2]]}""", """{"title":"North \"road\"","rows":[[1, 2]]}""")]
    [InlineData("", "\"a text\"", "a text")]
    [InlineData("title", """{"title":"North \"road\""}""", "North \"road\"")]
    [InlineData("rows.0", """{"rows":[[1, 2]]}""", "[1, 2]")]
    public async Task Run_PartWithPath_IsTheValueOfTheStoredJson(string path, string json, string text)
    {
        var stored = Stored(json);
        await RunAsync(Call(new PromptPart { Content = new Content { Ref = stored }, Path = path }));
        Assert.Equal(text, messages![1].Text);
    }

    [Theory]
    [InlineData("rows.1", """{"rows":[1]}""", "The stored JSON that the prompt names has no value at 'rows.1'.")]
    [InlineData("a", "no json", "The prompt asks for 'a' of what is stored, which is no JSON: ")]
    public async Task Run_PartWithPathToNothing_IsPermanent(string path, string json, string message)
    {
        var part = new PromptPart { Content = new Content { Ref = Stored(json) }, Path = path };
        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync(Call(part)));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ReportedUsage_IsTheCost()
    {
        var reply = await RunAsync(Call(Text("Hi")));
        Assert.Equal(new Cost(1000, 200, 0.003m), reply.Cost);
        Assert.Equal("gpt-x-2026", reply.Model);
        Assert.Equal("stop", reply.FinishReason);
        Assert.Equal("The answer.", reply.Text.Text);
        Assert.Null(reply.Notice);
    }

    [Fact]
    public async Task Run_NoUsage_EstimatesTheCost()
    {
        Answer(new ChatResponse(new ChatMessage(ChatRole.Assistant, "12345678")));
        var reply = await RunAsync(Call(Text("1234")));
        // "Do it." is 2 tokens, "1234" is 1, the answer 2.
        Assert.Equal(new Cost(3, 2, 0.000023m, Estimated: true), reply.Cost);
        Assert.Equal("gpt-x", reply.Model);
    }

    [Fact]
    public async Task Run_LongAnswer_IsStored()
    {
        var answer = new string('a', Content.InlineBytes);
        var stored = ContentRef.Of(Encoding.UTF8.GetBytes(answer));
        store.Setup(s => s.PutAsync(It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>())).ReturnsAsync((ReadOnlyMemory<byte> value, CancellationToken _) => ContentRef.Of(value.Span));
        Answer(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)));
        Assert.Equal(new Content { Ref = stored }, (await RunAsync(Call(Text("Hi")))).Text);
    }

    [Fact]
    public async Task Run_OfflineModel_SaysSo()
    {
        catalog.Setup(c => c.Resolve("balanced")).Returns(new ModelCatalog(new ModelOptions(), TimeProvider.System).Resolve("balanced"));
        var reply = await RunAsync(Call(Text("The canal was dug in four years. It joins two seas.")) with { Purpose = ModelPurpose.Summarize });
        Assert.Equal("offline-extractive", reply.Model);
        Assert.Equal("answered by the built-in offline model: extractive, no language model", reply.Notice);
        Assert.Equal(0, reply.Cost!.Usd);
        Assert.True(reply.Cost.Estimated);
        Assert.Contains("canal", reply.Text.Text, StringComparison.Ordinal);
    }

    public static TheoryData<ModelCall, string> WrongCalls => new()
    {
        { Call(), "no parts" },
        { Call(new PromptPart()), "parts[0] has neither" },
        { Call(Text("a"), new PromptPart { Content = new Content { Text = "a" }, Chunk = new ChunkAddress(ContentRef.Of("x"u8), 0) }), "parts[1] has both" },
        { Call(new PromptPart { Content = new Content() }), "neither 'text' nor 'ref'" },
        { Call(Text("a")) with { MaxOutputTokens = 0 }, "maxOutputTokens is 0" },
        { Call(Text("a")) with { MaxOutputTokens = 100_001 }, "maxOutputTokens is 100001" },
        { Call(Text("a")) with { Temperature = 2.5f }, "temperature is 2.5" },
        { Call(Text("a")) with { Temperature = float.NaN }, "temperature is NaN" },
    };

    [Theory]
    [MemberData(nameof(WrongCalls))]
    public async Task Run_WrongCall_IsPermanentAndCallsNothing(ModelCall call, string expected)
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync(call));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        client.VerifyNoOtherCalls();
    }

    [Theory]
    [InlineData("length", typeof(PermanentFailureException))]
    [InlineData("content_filter", typeof(PermanentFailureException))]
    [InlineData("stop", typeof(ModelUnavailableException))]
    public async Task Run_AnswerWithoutText_DoesNotPassForOne(string reason, Type type)
    {
        Answer(new ChatResponse(new ChatMessage(ChatRole.Assistant, " ")) { FinishReason = new ChatFinishReason(reason) });
        await Assert.ThrowsAsync(type, () => RunAsync(Call(Text("Hi"))));
    }

    [Fact]
    public async Task Run_Cancelled_StopsAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        var called = new TaskCompletionSource();
        client.Setup(c => c.GetResponseAsync(It.IsAny<IEnumerable<ChatMessage>>(), It.IsAny<ChatOptions?>(), It.IsAny<CancellationToken>()))
            .Returns(async (IEnumerable<ChatMessage> _, ChatOptions? _, CancellationToken token) =>
            {
                called.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return new ChatResponse();
            });
        var running = new CallModelActivity(catalog.Object, store.Object, chunks.Object).RunAsync(Context, Call(Text("Hi")), cancellation.Token);
        await called.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private ContentRef Stored(string text)
    {
        var stored = ContentRef.Of(Encoding.UTF8.GetBytes(text));
        store.Setup(s => s.GetAsync(stored, It.IsAny<CancellationToken>())).ReturnsAsync(Encoding.UTF8.GetBytes(text));
        return stored;
    }

    private static PromptPart Text(string text) => new() { Content = new Content { Text = text } };

    private static ModelCall Call(params PromptPart[] parts) => new() { Instructions = "Do it.", Parts = parts };

    private Task<ModelReply> RunAsync(ModelCall call) => new CallModelActivity(catalog.Object, store.Object, chunks.Object).RunAsync(Context, call, CancellationToken.None);

    private void Answer(ChatResponse response) => client.Setup(c => c.GetResponseAsync(It.IsAny<IEnumerable<ChatMessage>>(), It.IsAny<ChatOptions?>(), It.IsAny<CancellationToken>()))
        .Callback((IEnumerable<ChatMessage> sent, ChatOptions? with, CancellationToken _) => (messages, options) = ([.. sent], with))
        .ReturnsAsync(response);
}
