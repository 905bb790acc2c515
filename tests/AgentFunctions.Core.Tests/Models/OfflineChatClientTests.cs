using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Offline;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models;

public sealed class OfflineChatClientTests
{
    private const string Text = "The bridge over the gorge was opened in May. Engineers tested the bridge with forty loaded trucks. Lunch was served afterwards to all guests.";

    [Theory]
    [InlineData(ModelPurpose.Answer)]
    [InlineData(ModelPurpose.Summarize)]
    [InlineData(ModelPurpose.Combine)]
    [InlineData(ModelPurpose.Rank)]
    [InlineData(ModelPurpose.Judge)]
    public async Task GetResponse_AnyPurpose_SaysWhatItIs(ModelPurpose purpose)
    {
        var response = await OfflineAsk.ResponseAsync(purpose, "Tell of the bridge.", maxTokens: null, Text);
        Assert.Equal("offline-extractive", response.ModelId);
        Assert.Equal(OfflineChatClient.NoticeText, response.AdditionalProperties?[ModelProperties.Notice]);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponse_SameRequest_SameAnswer()
    {
        var text = string.Join(' ', Enumerable.Range(0, 500).Select(i => $"Report {i} says that mill {i % 13} ground {i * 37 % 101} sacks of grain for town {i % 17}."));
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 5; i++) answers.Add(await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize the mills.", text));
        Assert.Single(answers);
    }

    [Fact]
    public async Task GetStreamingResponse_Words_AddUpToTheAnswer()
    {
        using var client = new OfflineChatClient();
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in client.GetStreamingResponseAsync(OfflineAsk.Messages("Summarize.", Text), OfflineAsk.Options(ModelPurpose.Summarize))) updates.Add(update);
        var whole = await OfflineAsk.AskAsync(ModelPurpose.Summarize, "Summarize.", Text);
        Assert.True(updates.Count > 5);
        Assert.Equal(whole, string.Concat(updates.Select(update => update.Text)));
        var response = updates.ToChatResponse();
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(OfflineChatClient.NoticeText, response.AdditionalProperties?[ModelProperties.Notice]);
    }

    [Fact]
    public async Task GetResponse_CancelledToken_IsRefused()
    {
        using var client = new OfflineChatClient();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync(OfflineAsk.Messages("Summarize.", Text), options: null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task GetResponse_UnknownPurpose_IsRefused()
    {
        using var client = new OfflineChatClient();
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => client.GetResponseAsync(OfflineAsk.Messages("Sing.", Text), new ChatOptions { AdditionalProperties = new() { [ModelProperties.Purpose] = "sing" } }));
        Assert.Contains("'sing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_PurposeByName_IsUnderstood()
    {
        using var client = new OfflineChatClient();
        var response = await client.GetResponseAsync(OfflineAsk.Messages("Which tells of trucks?", "Lunch.", "Trucks."), new ChatOptions { AdditionalProperties = new() { [ModelProperties.Purpose] = "judge" } });
        Assert.Equal("2", response.Text);
    }
}
