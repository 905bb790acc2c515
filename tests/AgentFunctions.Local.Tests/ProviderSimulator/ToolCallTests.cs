using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = OpenAI.Chat.ChatMessage;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>Tool calls of the simulated model, through the official OpenAI SDK.</summary>
public sealed class ToolCallTests
{
    private const string TwoCalls = """{"turns":[{"text":"Let me look. ","toolCalls":[{"tool":"look-up","arguments":{"key":"a"}},{"tool":"add","arguments":{"numbers":[1,2,3]},"id":"mine"}]},{"text":"It is six."}]}""";
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0 };
    private static readonly ChatTool LookUp = ChatTool.CreateFunctionTool("look-up", "Looks up.", BinaryData.FromString("""{"type":"object","properties":{"key":{"type":"string"},"depth":{"type":"integer","minimum":2,"maximum":4},"kind":{"enum":["x","y"]},"note":{"type":"string"}},"required":["key","depth","kind"]}"""));
    private static readonly ChatTool Add = ChatTool.CreateFunctionTool("add", "Adds.", BinaryData.FromString("""{"type":"object","properties":{"numbers":{"type":"array","items":{"type":"number"}}},"required":["numbers"]}"""));

    [Fact]
    public async Task CompleteChat_Scripted_GoesThroughItsTurns()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { Script = ProviderScript.Parse(TwoCalls) });
        var client = Client(provider);
        List<ChatMessage> messages = [new UserChatMessage("What is the sum?")];
        var first = (await client.CompleteChatAsync(messages, Tools())).Value;
        Assert.Equal(OpenAI.Chat.ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal("Let me look. ", first.Content[0].Text);
        Assert.Equal(["look-up", "add"], first.ToolCalls.Select(call => call.FunctionName));
        Assert.Equal("""{"key":"a"}""", first.ToolCalls[0].FunctionArguments.ToString());
        Assert.Equal("mine", first.ToolCalls[1].Id);
        Assert.True(first.Usage.OutputTokenCount > 5);

        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select(call => new ToolChatMessage(call.Id, "6")));
        var second = (await client.CompleteChatAsync(messages, Tools())).Value;
        Assert.Equal((OpenAI.Chat.ChatFinishReason.Stop, "It is six.", 0), (second.FinishReason, second.Content[0].Text, second.ToolCalls.Count));
    }

    [Fact]
    public async Task CompleteChatStreaming_Scripted_SendsArgumentsPieceByPieceAndUsageLast()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { Script = ProviderScript.Parse(TwoCalls) });
        var arguments = new SortedDictionary<int, StringBuilder>();
        List<(int Index, string? Id, string? Name)> begun = [];
        var (text, pieces, reason, usage) = (new StringBuilder(), 0, (OpenAI.Chat.ChatFinishReason?)null, (ChatTokenUsage?)null);
        await foreach (var update in Client(provider).CompleteChatStreamingAsync([new UserChatMessage("What is the sum?")], Tools()))
        {
            Assert.Null(usage);
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            foreach (var call in update.ToolCallUpdates)
            {
                pieces++;
                if (call.FunctionName is not null) begun.Add((call.Index, call.ToolCallId, call.FunctionName));
                if (!arguments.TryGetValue(call.Index, out var whole)) arguments.Add(call.Index, whole = new StringBuilder());
                whole.Append(call.FunctionArgumentsUpdate);
            }

            (reason, usage) = (update.FinishReason ?? reason, update.Usage);
        }

        Assert.Equal("Let me look. ", text.ToString());
        Assert.Equal([0, 1], begun.Select(call => call.Index));
        Assert.Equal(["""{"key":"a"}""", """{"numbers":[1,2,3]}"""], arguments.Values.Select(whole => whole.ToString()));
        Assert.True(pieces > 6);
        Assert.Equal(OpenAI.Chat.ChatFinishReason.ToolCalls, reason);
        Assert.NotNull(usage);
    }

    [Fact]
    public async Task CompleteChat_ScriptInTheConversation_IsFollowed()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var answer = (await Client(provider).CompleteChatAsync([new SystemChatMessage(ProviderScript.Directive + TwoCalls), new UserChatMessage("What is the sum?")], Tools())).Value;
        Assert.Equal(2, answer.ToolCalls.Count);
    }

    [Fact]
    public async Task CompleteChat_Unscripted_CallsToolsThatFitTheirSchemaThenAnswers()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var client = Client(provider);
        List<ChatMessage> messages = [new UserChatMessage("The canal was dug in four years. How long did it take?")];
        var first = (await client.CompleteChatAsync(messages, Tools())).Value;
        Assert.NotEmpty(first.ToolCalls);
        foreach (var call in first.ToolCalls)
        {
            var given = JsonElement.Parse(call.FunctionArguments.ToString());
            if (call.FunctionName == "look-up")
            {
                Assert.InRange(given.GetProperty("depth").GetInt32(), 2, 4);
                Assert.Contains(given.GetProperty("kind").GetString(), new[] { "x", "y" });
                Assert.False(given.TryGetProperty("note", out _));
            }
            else
            {
                Assert.Equal(JsonValueKind.Number, given.GetProperty("numbers")[0].ValueKind);
            }
        }

        var again = (await client.CompleteChatAsync(messages, Tools())).Value;
        Assert.Equal(first.ToolCalls.Select(call => (call.Id, call.FunctionName, call.FunctionArguments.ToString())), again.ToolCalls.Select(call => (call.Id, call.FunctionName, call.FunctionArguments.ToString())));

        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select(call => new ToolChatMessage(call.Id, "It took four years.")));
        var second = (await client.CompleteChatAsync(messages, Tools())).Value;
        Assert.Empty(second.ToolCalls);
        Assert.NotEmpty(second.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChat_ToolChoice_IsHonoured()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { ToolRounds = 0 });
        var client = Client(provider);
        ChatMessage[] messages = [new UserChatMessage("A canal joins two seas.")];
        Assert.Empty(await CallsAsync(ChatToolChoice.CreateAutoChoice()));
        Assert.NotEmpty(await CallsAsync(ChatToolChoice.CreateRequiredChoice()));
        Assert.Equal(["add"], await CallsAsync(ChatToolChoice.CreateFunctionChoice("add")));
        await using var eager = await SimulatedProvider.StartAsync(Quick with { Script = ProviderScript.Parse(TwoCalls) });
        client = Client(eager);
        Assert.Empty(await CallsAsync(ChatToolChoice.CreateNoneChoice()));
        var one = Tools();
        one.AllowParallelToolCalls = false;
        Assert.Single((await client.CompleteChatAsync(messages, one)).Value.ToolCalls);

        async Task<IEnumerable<string>> CallsAsync(ChatToolChoice choice)
        {
            var options = Tools();
            options.ToolChoice = choice;
            return (await client.CompleteChatAsync(messages, options)).Value.ToolCalls.Select(call => call.FunctionName);
        }
    }

    [Fact]
    public async Task GetStreamingResponse_TwoCalls_EachIsGivenOnceBeforeTheModelHasEnded()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { Script = ProviderScript.Parse(TwoCalls) });
        var adapter = new OpenAIChatClient("m", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "k", Timeout = TimeSpan.FromSeconds(30) });
        List<(string? Call, bool Ended)> order = [];
        var ended = false;
        await foreach (var update in adapter.GetStreamingResponseAsync([new(ChatRole.User, "What is the sum?")], new ChatOptions { Tools = [AIFunctionFactory.Create((string key) => key, "look-up"), AIFunctionFactory.Create((int[] numbers) => numbers.Sum(), "add")] }))
        {
            ended |= update.FinishReason is not null;
            order.AddRange(update.Contents.OfType<FunctionCallContent>().Select(call => ((string?)call.Name, ended)));
        }

        Assert.Equal([("look-up", false), ("add", false)], order);
    }

    [Fact]
    public async Task GetStreamingResponse_ConnectionCut_FailsAsUnavailable()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { CutRate = 1 });
        var adapter = new OpenAIChatClient("m", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "k", Timeout = TimeSpan.FromSeconds(30) });
        await Assert.ThrowsAsync<ModelUnavailableException>(async () =>
        {
            await foreach (var _ in adapter.GetStreamingResponseAsync([new(ChatRole.User, "A canal joins two seas.")]))
            {
            }
        });
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tool_choice":"required"}""", "tool_choice")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a"}}],"tool_choice":{"type":"function","function":{"name":"b"}}}""", "tool_choice")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"search"}]}""", "tools")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"1","content":"x"}]}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"simulate: {}"}]}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"simulate: nonsense"}]}""", "messages")]
    public async Task Post_WrongToolRequest_IsRejectedWithItsParameter(string body, string parameter)
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(provider.Address, "/v1/chat/completions"), new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(parameter, error.RootElement.GetProperty("error").GetProperty("param").GetString());
    }

    private static ChatClient Client(SimulatedProvider provider) => new("m", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = provider.Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    private static ChatCompletionOptions Tools() => new() { Tools = { LookUp, Add } };
}
