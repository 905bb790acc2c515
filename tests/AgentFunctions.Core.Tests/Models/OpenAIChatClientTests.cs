using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models;

public sealed class OpenAIChatClientTests
{
    private const string ToolCallReply = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1735689600,"model":"m-2025","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,
        "tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Ghent\",\"days\":3}"}},{"id":"call_2","type":"function","function":{"name":"weather","arguments":"{broken"}}]}}],
        "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
        """;

    private const string ToolCallStream = """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Let me look."}}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"time","arguments":"{}"}}]}}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Ghent\"}"}}]}}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":9,"total_tokens":16}}

        data: [DONE]


        """;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ChatMessage Hello = new(ChatRole.User, "Hello");

    [Fact]
    public async Task GetResponse_ToolCalls_AreMapped()
    {
        var response = await Client(new CannedHttp(HttpStatusCode.OK, ToolCallReply)).GetResponseAsync([Hello]);
        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal(["call_1", "call_2"], calls.Select(call => call.CallId), StringComparer.Ordinal);
        Assert.Equal("Ghent", ((JsonElement)calls[0].Arguments!["city"]!).GetString());
        Assert.NotNull(calls[1].Exception);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Equal("m-2025", response.ModelId);
        Assert.Equal(10, response.Usage?.InputTokenCount);
        Assert.Equal(5, response.Usage?.OutputTokenCount);
    }

    [Fact]
    public async Task GetStreamingResponse_ToolCallFragments_ArePutTogether()
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in Client(new CannedHttp(HttpStatusCode.OK, ToolCallStream, "text/event-stream")).GetStreamingResponseAsync([Hello])) updates.Add(update);
        var response = updates.ToChatResponse();
        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal("Let me look.", response.Text);
        Assert.Equal(["weather", "time"], calls.Select(call => call.Name), StringComparer.Ordinal);
        Assert.Equal("Ghent", ((JsonElement)calls[0].Arguments!["city"]!).GetString());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Equal(9, response.Usage?.OutputTokenCount);
    }

    [Fact]
    public async Task GetStreamingResponse_EndsBeforeTheAnswer_IsAnError()
    {
        var half = ToolCallStream[..ToolCallStream.IndexOf("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},", StringComparison.Ordinal)];
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(async () =>
        {
            await foreach (var _ in Client(new CannedHttp(HttpStatusCode.OK, half, "text/event-stream")).GetStreamingResponseAsync([Hello]))
            {
            }
        });
        Assert.Contains("ended before", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_Conversation_IsWrittenAsTheProviderTakesIt()
    {
        var http = new CannedHttp(HttpStatusCode.OK, ToolCallReply);
        var tool = AIFunctionFactory.Create((string city, int days) => $"{city} {days}", "weather", "Tells the weather.");
        await Client(http).GetResponseAsync(
            [
                new ChatMessage(ChatRole.System, "Be brief."),
                new ChatMessage(ChatRole.User, [new TextContent("One"), new TextContent("Two")]),
                new ChatMessage(ChatRole.Assistant, [new TextContent("I look."), new FunctionCallContent("call_1", "weather", new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Ghent" })]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "rain"), new FunctionResultContent("call_2", JsonDocument.Parse("{\"c\":3}").RootElement)]),
            ],
            new ChatOptions { MaxOutputTokens = 77, Temperature = 0.5f, Tools = [tool], ToolMode = ChatToolMode.RequireSpecific("weather"), StopSequences = ["END"], AdditionalProperties = new() { [ModelProperties.Purpose] = ModelPurpose.Answer } });

        using var sent = JsonDocument.Parse(http.Sent.Single());
        var messages = sent.RootElement.GetProperty("messages");
        Assert.Equal(["system", "user", "assistant", "tool", "tool"], messages.EnumerateArray().Select(message => message.GetProperty("role").GetString()!), StringComparer.Ordinal);
        Assert.Equal("One\n\nTwo", Text(messages[1]));
        Assert.Equal("{\"city\":\"Ghent\"}", messages[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("rain", Text(messages[3]));
        Assert.Equal("{\"c\":3}", Text(messages[4]));
        Assert.Equal(77, sent.RootElement.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal("m", sent.RootElement.GetProperty("model").GetString());
        Assert.Equal("END", sent.RootElement.GetProperty("stop")[0].GetString());
        Assert.Equal("weather", sent.RootElement.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("weather", sent.RootElement.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.DoesNotContain("agentfunctions", http.Sent[0], StringComparison.Ordinal);

        static string Text(JsonElement message) => message.GetProperty("content") is { ValueKind: JsonValueKind.Array } parts ? string.Concat(parts.EnumerateArray().Select(part => part.GetProperty("text").GetString())) : message.GetProperty("content").GetString()!;
    }

    [Fact]
    public async Task GetResponse_MalformedArguments_AreKeptAsTheyCame()
    {
        var response = await Client(new CannedHttp(HttpStatusCode.OK, ToolCallReply)).GetResponseAsync([Hello]);
        Assert.Equal([null, "{broken"], response.Messages.Single().Contents.OfType<FunctionCallContent>().Select(call => call.RawRepresentation as string));
    }

    [Fact]
    public async Task GetStreamingResponse_Declarations_AreOfferedAsTools()
    {
        var http = new CannedHttp(HttpStatusCode.OK, ToolCallStream, "text/event-stream");
        var options = new ChatOptions { Tools = [new Core.Tools.CalculateTool().AsDeclarationOnly(), new Core.Tools.EchoTool().AsDeclarationOnly()] };
        await foreach (var _ in Client(http).GetStreamingResponseAsync([Hello], options))
        {
        }

        using var sent = JsonDocument.Parse(http.Sent.Single());
        var tools = sent.RootElement.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function")).ToList();
        Assert.Equal(["calculate", "echo"], tools.Select(tool => tool.GetProperty("name").GetString()));
        Assert.Equal("object", tools[0].GetProperty("parameters").GetProperty("type").GetString());
        Assert.False(sent.RootElement.TryGetProperty("tool_choice", out _));
        Assert.True(sent.RootElement.GetProperty("stream").GetBoolean());
    }

    [Fact]
    public async Task GetStreamingResponse_ALongerConversation_BeginsWithTheSameBytes()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "Be brief."),
            Hello,
            new(ChatRole.Assistant, [new FunctionCallContent("c", "echo", new Dictionary<string, object?>(StringComparer.Ordinal) { ["value"] = JsonElement.Parse("""{"b":1.50,"a":"é"}""") })]),
            new(ChatRole.Tool, [new FunctionResultContent("c", "{}")]),
        ];
        var before = await SentAsync();
        messages.Add(new(ChatRole.Assistant, "Done."));
        messages.Add(Hello);
        var after = await SentAsync();
        Assert.StartsWith(before[..^1], after, StringComparison.Ordinal);
        Assert.Contains("1.50", before, StringComparison.Ordinal);

        async Task<string> SentAsync()
        {
            var http = new CannedHttp(HttpStatusCode.OK, ToolCallStream, "text/event-stream");
            await foreach (var _ in Client(http).GetStreamingResponseAsync(messages))
            {
            }

            using var sent = JsonDocument.Parse(http.Sent.Single());
            return sent.RootElement.GetProperty("messages").GetRawText();
        }
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1500)]
    [InlineData("Retry-After", "20", 20_000)]
    [InlineData("Retry-After", "0.5", 500)]
    [InlineData("Retry-After", "Fri, 02 Jan 2026 03:04:35 GMT", 30_000)]
    [InlineData("Retry-After", "Fri, 02 Jan 2026 03:00:00 GMT", 0)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("Retry-After", "1e300", null)]
    [InlineData("X-Other", "1", null)]
    public async Task GetResponse_Throttled_CarriesTheWait(string header, string value, int? milliseconds)
    {
        foreach (var status in new[] { HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable })
        {
            var http = new CannedHttp(status, """{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}""", "application/json", (header, value));
            // A server that is overloaded says when to come back; one that does not is broken.
            if (status == HttpStatusCode.ServiceUnavailable && milliseconds is null)
            {
                Assert.Contains("Slow down.", (await Assert.ThrowsAsync<ModelUnavailableException>(() => Client(http).GetResponseAsync([Hello]))).Message, StringComparison.Ordinal);
                continue;
            }

            var error = await Assert.ThrowsAsync<ThrottledException>(() => Client(http).GetResponseAsync([Hello]));
            Assert.Equal(milliseconds, error.RetryAfter?.TotalMilliseconds);
            Assert.Contains("Slow down.", error.Message, StringComparison.Ordinal);
            Assert.Single(http.Sent);
        }
    }

    [Theory]
    [InlineData(400, typeof(PermanentFailureException))]
    [InlineData(401, typeof(DeploymentRefusedException))]
    [InlineData(402, typeof(DeploymentRefusedException))]
    [InlineData(403, typeof(DeploymentRefusedException))]
    [InlineData(404, typeof(DeploymentRefusedException))]
    [InlineData(422, typeof(PermanentFailureException))]
    [InlineData(408, typeof(ModelUnavailableException))]
    [InlineData(500, typeof(ModelUnavailableException))]
    [InlineData(502, typeof(ModelUnavailableException))]
    public async Task GetResponse_ErrorStatus_SaysWhatTheProviderSaidAfterOneAttempt(int status, Type type)
    {
        var http = new CannedHttp((HttpStatusCode)status, """{"error":{"message":"The reason why.","type":"t","code":"c"}}""");
        var error = await Assert.ThrowsAsync(type, () => Client(http).GetResponseAsync([Hello]));
        Assert.Contains("The reason why.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Single(http.Sent);
    }

    [Fact]
    public async Task GetResponse_NoQuotaLeft_IsPermanent() => await Assert.ThrowsAsync<DeploymentRefusedException>(() =>
        Client(new CannedHttp(HttpStatusCode.TooManyRequests, """{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","code":"insufficient_quota"}}""")).GetResponseAsync([Hello]));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"index":0,"message":null}]}""")]
    [InlineData("""{"choices":"none"}""")]
    [InlineData("""{"id":"x","choices":[{"index":0,"finish_reason":"sideways","message":{"role":"assistant","content":"a"}}]}""")]
    public async Task GetResponse_MalformedReply_CanBeTriedAgain(string body)
    {
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => Client(new CannedHttp(HttpStatusCode.OK, body)).GetResponseAsync([Hello]));
        Assert.False(FailureDetails.From(error).Permanent);
        Assert.Contains("could not be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_Unreachable_CanBeTriedAgain()
    {
        var client = new OpenAIChatClient("m", new OpenAIConnection { Endpoint = new Uri("http://127.0.0.1:1/v1") });
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => client.GetResponseAsync([Hello]));
        Assert.Contains("could not be reached", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_WhatItCannotSend_IsRefused()
    {
        var client = Client(new CannedHttp(HttpStatusCode.OK, ToolCallReply));
        await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]));
        await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync([Hello], new ChatOptions { ModelId = "other" }));
        await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync([Hello], new ChatOptions { Tools = [new HostedWebSearchTool()] }));
    }

    private static OpenAIChatClient Client(CannedHttp http) => new("m", new OpenAIConnection { Endpoint = new Uri("http://provider.test/v1"), Key = "k", Http = new HttpClient(http), Time = new FixedTime(Now) });
}
