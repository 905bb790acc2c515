using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentFunctions.Core.Tests.Activities;

public sealed class StreamModelActivityTests
{
    private static readonly ActivityContext Context = new("run-1", "StreamModel", 4);
    private readonly StreamedChat chat = new();
    private readonly Mock<IModelCatalog> models = new();
    private readonly Mock<IRunClient> runs = new();
    private readonly List<string> output = [];
    private readonly CountingStore store = new();
    private readonly ConversationStore conversations;

    public StreamModelActivityTests()
    {
        conversations = new ConversationStore(store);
        models.Setup(m => m.Resolve("balanced")).Returns(new ResolvedModel(chat, "m", new ModelPrice(1m, 10m)));
        chat.Updates = [Text("Hel"), Text("lo."), End("stop", 1000, 200)];
    }

    [Fact]
    public async Task Run_Text_IsTheReplyAndTheNewDelta()
    {
        var reply = await RunAsync(Ask("Hi"));

        Assert.Equal("Hello.", reply.Text.Text);
        Assert.Equal("stop", reply.FinishReason);
        Assert.Equal("m-2026", reply.Model);
        Assert.Equal(new Cost(1000, 200, 0.003m), reply.Cost);
        Assert.Empty(reply.ToolCalls);
        Assert.Equal(["User Hi", "Assistant Hello."], (await conversations.ReadAsync(reply.Head, CancellationToken.None)).Select(message => $"{message.Role} {message.Content!.Text}"));
    }

    [Fact]
    public async Task Run_AConversation_IsRebuiltInOrder()
    {
        chat.Updates = [Text("I look."), Call("c1", "echo", """{"value":[1,{"b":2}]}"""), Call("c2", "calculate", "{broken"), End("tool_calls")];
        var first = await RunAsync(Ask("Hi"));
        var stored = ContentRef.Of(await PutAsync("\"a long result\""));
        chat.Updates = [Text("Done."), End("stop")];
        await RunAsync(Ask() with
        {
            Head = first.Head,
            Append =
            [
                new ConversationMessage { Role = ConversationRole.Tool, ToolCallId = "c1", Content = new Content { Ref = stored } },
                new ConversationMessage { Role = ConversationRole.Tool, ToolCallId = "c2", Content = new Content { Text = "No JSON." }, IsError = true },
            ],
        });

        var sent = chat.Messages[1];
        Assert.Equal(["system", "user", "assistant", "tool", "tool"], sent.Select(message => message.Role.Value));
        Assert.Equal("Be brief.", sent[0].Text);
        Assert.Equal("I look.", sent[2].Text);
        var calls = sent[2].Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal("""[1,{"b":2}]""", calls[0].Arguments!["value"]!.ToString());
        Assert.Empty(calls[1].Arguments!);
        Assert.Equal("\"a long result\"", ((FunctionResultContent)sent[3].Contents[0]).Result);
        Assert.Equal("Error: No JSON.", ((FunctionResultContent)sent[4].Contents[0]).Result);
    }

    [Fact]
    public async Task Run_ManyTurns_ReadsNoDeltaTwice()
    {
        ContentRef? head = null;
        for (var turn = 1; turn <= 20; turn++) head = (await RunAsync(Ask($"Message {turn}") with { Head = head, Turn = turn })).Head;

        Assert.Equal(40, (await conversations.ReadAsync(head, CancellationToken.None)).Count);
        Assert.Equal(20, store.Reads.Count);
        Assert.All(store.Reads.Values, reads => Assert.Equal(1, reads));
        Assert.Equal(40, chat.Messages[^1].Count);
    }

    [Fact]
    public async Task Run_MalformedArguments_AreKeptAsTheModelWroteThem()
    {
        chat.Updates = [Call("c1", "echo", "{broken"), Call("c2", "echo", "[1]"), Call("c3", "echo", ""), End("tool_calls")];

        var reply = await RunAsync(Ask("Hi"));

        Assert.Equal(["{broken", "[1]", null], reply.ToolCalls.Select(call => call.Malformed));
        Assert.Equal([null, null, "{}"], reply.ToolCalls.Select(call => call.Arguments?.GetRawText()));
    }

    [Fact]
    public async Task Run_CallsWithoutANameOfTheirOwn_GetOne()
    {
        chat.Updates = [Call("", "echo", "{}"), Call("x", "echo", "{}"), Call("x", "echo", "{}"), End("tool_calls")];

        Assert.Equal(["call-3-1", "x", "x-3"], (await RunAsync(Ask("Hi") with { Turn = 3 })).ToolCalls.Select(call => call.Id));
    }

    [Fact]
    public async Task Run_Tools_AreDeclaredInTheOrderOfTheirNames()
    {
        await RunAsync(Ask("Hi") with { Tools = ["echo", "calculate", "echo"] });

        Assert.Equal(["calculate", "echo"], chat.Options!.Tools!.Select(tool => tool.Name));
        Assert.All(chat.Options.Tools!, tool => Assert.False(tool is AIFunction));
        Assert.Contains("no tool 'nope'", (await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync(Ask("Hi") with { Tools = ["nope"] }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ACompleteCall_IsToldBeforeTheAnswerEnds()
    {
        List<string> told = [];
        runs.Setup(client => client.RaiseEventAsync("run-1", "tool-call-1", It.IsAny<JsonElement>(), It.IsAny<CancellationToken>()))
            .Callback((string _, string _, JsonElement payload, CancellationToken _) => told.Add(payload.GetRawText())).Returns(Task.CompletedTask);
        var toldBefore = -1;
        chat.Updates = [Call("c1", "echo", """{"value":1}"""), Call("c2", "echo", "{broken"), Call("c3", "echo", $$"""{"value":"{{new string('x', 5000)}}"}"""), End("tool_calls")];
        chat.BeforeUpdate = i => toldBefore = i == 1 ? told.Count : toldBefore;

        await RunAsync(Ask("Hi") with { ToolCallEvent = "tool-call-1" });

        Assert.Equal(1, toldBefore);
        Assert.Equal(["""{"id":"c1","tool":"echo","arguments":{"value":1}}"""], told);
    }

    [Fact]
    public async Task Run_TellingFails_TheAnswerIsWhole()
    {
        runs.Setup(client => client.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<JsonElement>(), It.IsAny<CancellationToken>())).ThrowsAsync(new RunNotFoundException("run-1"));
        chat.Updates = [Call("c1", "echo", "{}"), End("tool_calls")];

        Assert.Single((await RunAsync(Ask("Hi") with { ToolCallEvent = "tool-call-1" })).ToolCalls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_Tokens_FlowOutWhereAskedFor(bool stream)
    {
        chat.Updates = [Text("Hel"), Text("lo."), Call("c1", "echo", "{}"), End("stop")];

        await RunAsync(Ask("Hi") with { Stream = stream, Turn = 2 });

        Assert.Equal(
            stream ? ["run-1 turn {\"turn\":2,\"callId\":4,\"model\":\"m\"}", "run-1 token {\"turn\":2,\"text\":\"Hel\"}", "run-1 token {\"turn\":2,\"text\":\"lo.\"}", "run-1 toolCall {\"turn\":2,\"call\":{\"id\":\"c1\",\"tool\":\"echo\",\"arguments\":{}}}"] : [],
            output);
    }

    [Fact]
    public async Task Run_NoUsage_IsEstimated()
    {
        chat.Updates = [Text("12345678"), End("stop")];

        // "Be brief." is 3 tokens, "1234" is 1, the answer 2.
        Assert.Equal(new Cost(4, 2, 0.000024m, Estimated: true), (await RunAsync(Ask("1234"))).Cost);
    }

    [Fact]
    public async Task Run_LongAnswer_IsStored()
    {
        chat.Updates = [Text(new string('a', Content.InlineBytes)), End("stop")];

        var reply = await RunAsync(Ask("Hi"));

        Assert.Equal(Content.InlineBytes, reply.Text.Ref!.Length);
        Assert.Equal(reply.Text, (await conversations.ReadAsync(reply.Head, CancellationToken.None))[^1].Content);
    }

    [Theory]
    [InlineData("stop", true)]
    [InlineData(null, true)]
    [InlineData("length", false)]
    [InlineData("content_filter", false)]
    public async Task Run_NothingSaid_DoesNotPassForAnAnswer(string? reason, bool fails)
    {
        chat.Updates = [Text(" "), End(reason)];
        if (fails) await Assert.ThrowsAsync<ModelUnavailableException>(() => RunAsync(Ask("Hi")));
        else Assert.Equal(reason, (await RunAsync(Ask("Hi"))).FinishReason);
    }

    [Fact]
    public async Task Run_WrongCall_IsPermanentAndCallsNothing()
    {
        foreach (var call in new[] { Ask(), Ask("a") with { MaxOutputTokens = 0 }, Ask("a") with { Temperature = 3 } })
        {
            await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync(call));
        }

        Assert.Empty(chat.Messages);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("""{"messages":null}""")]
    public async Task Run_TheHeadIsNoConversation_SaysSo(string content)
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(async () => await RunAsync(Ask("Hi") with { Head = ContentRef.Of(await PutAsync(content)) }));
        Assert.Contains("is no part of a conversation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_Stops()
    {
        using var stop = new CancellationTokenSource();
        chat.BeforeUpdate = i =>
        {
            if (i == 1) stop.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Activity().RunAsync(Context, Ask("Hi"), stop.Token));
    }

    private static ChatCall Ask(params string[] said) => new() { Instructions = "Be brief.", Append = [.. said.Select(text => new ConversationMessage { Role = ConversationRole.User, Content = new Content { Text = text } })] };

    private static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text) { ModelId = "m-2026" };

    private static ChatResponseUpdate Call(string id, string tool, string arguments) => new(ChatRole.Assistant, [Core.Models.OpenAICompatible.OpenAIReplies.ToolCall(id, tool, arguments)]);

    private static ChatResponseUpdate End(string? reason, int? input = null, int? output = null) => new(ChatRole.Assistant, input is null ? [] : [new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output })])
    {
        FinishReason = reason is null ? null : new ChatFinishReason(reason),
    };

    private async Task<byte[]> PutAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await store.PutAsync(bytes, CancellationToken.None);
        return bytes;
    }

    private Task<ChatReply> RunAsync(ChatCall call) => Activity().RunAsync(Context, call, CancellationToken.None);

    private StreamModelActivity Activity()
    {
        var sink = new Mock<IRunOutput>();
        sink.Setup(o => o.AppendAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<JsonElement>(), It.IsAny<CancellationToken>()))
            .Callback((string id, string kind, JsonElement data, CancellationToken _) => output.Add($"{id} {kind} {data.GetRawText()}")).Returns(ValueTask.CompletedTask);
        return new(models.Object, new ToolRegistry([new EchoTool(), new CalculateTool()]), store, conversations, sink.Object, () => runs.Object, NullLogger.Instance);
    }
}
