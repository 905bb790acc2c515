using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Search;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models;

public sealed class OfflineToolUseTests
{
    private static readonly ChatOptions Options = new() { Tools = [new CalculateTool().AsDeclarationOnly(), new SearchFilesTool(new SearchFilesOptions()).AsDeclarationOnly(), new EchoTool().AsDeclarationOnly()] };

    [Theory]
    [InlineData("What is (17 + 4) * 2?", "calculate (17 + 4) * 2")]
    [InlineData("What is 6 * 7, please (or 8 + 9)?", "calculate 6 * 7")]
    [InlineData("It is late (3 + 4).", "calculate (3 + 4)")]
    [InlineData("Take -2 + 5.5 - 1 of it.", "calculate -2 + 5.5 - 1")]
    [InlineData("Search the files for oil lamps, then stop.", "search-files oil lamps")]
    [InlineData("Please search for \"the tower\" and tell me what 2 + 2 is.", "calculate 2 + 2|search-files the tower")]
    public async Task GetResponse_WhatToolsCanDo_IsAskedOfThem(string text, string expected)
    {
        using var client = new OfflineChatClient();
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, text)], Options);
        var calls = response.Messages[0].Contents.Cast<FunctionCallContent>().ToList();
        Assert.Equal(expected, string.Join('|', calls.Select(call => $"{call.Name} {call.Arguments!.Values.Single()}")));
        Assert.Equal(calls.Count, calls.Select(call => call.CallId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Equal(OfflineChatClient.NoticeText, response.AdditionalProperties?[ModelProperties.Notice]);
    }

    [Theory]
    [InlineData("On 2026-01-02 it opened, at 24/7 hours. The bridge is long.")]
    [InlineData("The research for it took long. Version 1.2.3 is out.")]
    [InlineData("Say hello.")]
    public async Task GetResponse_NothingForTools_AnswersAsEver(string text)
    {
        using var client = new OfflineChatClient();
        var messages = new[] { new ChatMessage(ChatRole.User, text) };
        Assert.Equal((await client.GetResponseAsync(messages)).Text, (await client.GetResponseAsync(messages, Options)).Text);
    }

    [Fact]
    public async Task GetResponse_ToolsAreNotOffered_CallsNone()
    {
        using var client = new OfflineChatClient();
        Assert.DoesNotContain((await client.GetResponseAsync([new ChatMessage(ChatRole.User, "What is 1 + 2?")])).Messages[0].Contents, content => content is FunctionCallContent);
    }

    [Fact]
    public async Task GetResponse_ToolsHaveAnswered_TellsWhatTheyGave()
    {
        using var client = new OfflineChatClient();
        List<ChatMessage> messages = [new ChatMessage(ChatRole.User, "Search for lamps and calculate 2 * 21.")];
        messages.Add((await client.GetResponseAsync(messages, Options)).Messages[0]);
        var ids = messages[1].Contents.Cast<FunctionCallContent>().Select(call => call.CallId).ToList();
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(ids[0], "42")]));
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(ids[1], """{"files":1,"skipped":0,"hits":[{"file":"a.txt","line":3,"score":1,"snippet":"The lamps burned oil."}]}""")]));

        Assert.Equal("2 * 21 = 42\na.txt, line 3: The lamps burned oil.", (await client.GetResponseAsync(messages, Options)).Text);

        messages[^1] = new ChatMessage(ChatRole.Tool, [new FunctionResultContent(ids[1], "Error: There is no folder.")]);
        Assert.Equal("2 * 21 = 42\nsearch-files failed: There is no folder.", (await client.GetResponseAsync(messages, Options)).Text);
        messages[^1] = new ChatMessage(ChatRole.Tool, [new FunctionResultContent(ids[1], """{"hits":[]}""")]);
        Assert.Contains("No file has anything on 'lamps and calculate 2 * 21'.", (await client.GetResponseAsync(messages, Options)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStreamingResponse_ToolCalls_AreThoseOfTheWholeAnswer()
    {
        using var client = new OfflineChatClient();
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "What is 1 + 2?")], Options)) updates.Add(update);
        var response = updates.ToChatResponse();
        Assert.Equal("1 + 2", response.Messages[0].Contents.OfType<FunctionCallContent>().Single().Arguments!["expression"]!.ToString());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }
}
