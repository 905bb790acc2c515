using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Caching;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Models.Routing;

/// <summary>StreamModel over routed models.</summary>
public sealed class RoutedStreamTests
{
    private static readonly AnswerCheck YesOrNo = new() { Labels = ["yes", "no"] };
    private readonly TieredModels models = new();
    private readonly FakeCallCache cache = new();

    [Fact]
    public async Task Auto_Streams_AndTheLastUpdateHasTheRoute()
    {
        var updates = await UpdatesAsync("auto", accept: null);
        Assert.Equal(["", "small ", "says ", "so ", "", ""], updates.Select(update => update.Text));
        Assert.IsType<ModelRoute>(updates[^1].AdditionalProperties![ModelProperties.Route]);
        Assert.Equal(0.002m, Assert.IsType<Cost>(updates[^1].AdditionalProperties![ModelProperties.Cost]).Usd);
    }

    [Fact]
    public async Task FailsBeforeTheFirstWord_FallsBack()
    {
        models.Small.Says(new ModelUnavailableException("down"));
        var reply = await RunAsync(Ask());
        Assert.Equal(("middle says so ", "middle-2026", 0.02m), (reply.Text.Text, reply.Model, reply.Cost!.Usd));
        Assert.Equal("answered by 'balanced' (middle), as 'fast' (small) failed with ModelUnavailableException", reply.Notice);
        Assert.Equal(2, reply.Route!.Steps.Count);
    }

    [Fact]
    public async Task FailsAfterTheFirstWord_IsTheError()
    {
        models.Small.Says("half");
        await Assert.ThrowsAsync<TimeoutException>(() => RunAsync(Ask()));
        Assert.Equal(["small"], models.Asked);
    }

    [Fact]
    public async Task Checked_IsHeldBackUntilAccepted()
    {
        models.Small.Says("half");
        models.Middle.Says("Not at all");
        models.Big.Says("no");
        var updates = await UpdatesAsync("auto", YesOrNo);
        Assert.Equal("no ", string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(["small", "middle", "big"], models.Asked);
        var route = (ModelRoute)updates[^1].AdditionalProperties![ModelProperties.Route]!;
        Assert.Equal([RouteOutcome.Failed, RouteOutcome.Rejected, RouteOutcome.Answered], route.Steps.Select(step => step.Outcome));
        Assert.True(route.Accepted);
    }

    [Fact]
    public async Task Checked_NoneAccepted_TheBestIsGivenOnce()
    {
        models.Middle.Says(new TimeoutException("late"));
        models.Big.Says(new TimeoutException("late"));
        var reply = await RunAsync(Ask() with { Accept = YesOrNo });
        Assert.Equal(("small says so ", false, 0.002m), (reply.Text.Text, reply.Accepted, reply.Cost!.Usd));
        await Assert.ThrowsAsync<AnswerRejectedException>(() => RunAsync(Ask() with { Model = "spare", Accept = YesOrNo with { Required = true } }));
    }

    [Fact]
    public async Task Checked_ToolCalls_FlowAndAreAccepted()
    {
        models.Small.Says(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "echo", new Dictionary<string, object?> { ["value"] = 1 })])) { FinishReason = ChatFinishReason.ToolCalls });
        var reply = await RunAsync(Ask() with { Accept = YesOrNo });
        Assert.Equal(("echo", true), (Assert.Single(reply.ToolCalls).Tool, reply.Accepted));
        Assert.Equal(["small"], models.Asked);
    }

    [Fact]
    public async Task Kept_IsFreeTheSecondTime_AndSaysWhereItCameFrom()
    {
        models.Small.Says("Perhaps");
        models.Middle.Says("no");
        var first = await RunAsync(Ask() with { Accept = YesOrNo }, cached: true);
        var second = await RunAsync(Ask() with { Accept = YesOrNo }, cached: true);
        Assert.Equal((0.022m, null), (first.Cost!.Usd, first.Cache));
        Assert.Equal((Cost.None, true), (second.Cost!, second.Cache is not null));
        Assert.Equal(["small", "middle"], models.Asked);
    }

    [Fact]
    public async Task Named_NothingConfigured_IsAsWithoutRouting()
    {
        var updates = await UpdatesAsync("balanced", accept: null);
        Assert.Equal(5, updates.Count);
        Assert.Null(updates[^1].AdditionalProperties);
    }

    private static ChatCall Ask() => new() { Model = "auto", Instructions = "Help.", Append = [new ConversationMessage { Role = ConversationRole.User, Content = new Content { Text = "Who?" } }] };

    private async Task<List<ChatResponseUpdate>> UpdatesAsync(string model, AnswerCheck? accept) => await models.Catalog().Resolve(model).Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Who?")], new ChatOptions { ModelId = model == "auto" ? null : models.Catalog().Resolve(model).Name, AdditionalProperties = accept is null ? null : new() { [ModelProperties.Accept] = accept } }).ToListAsync();

    private async Task<ChatReply> RunAsync(ChatCall call, bool cached = false)
    {
        var store = new MemoryContentStore();
        var activity = new StreamModelActivity(models.Catalog(cache: cached ? cache : null), new ToolRegistry([new EchoTool()]), store, new ConversationStore(store), new SilentRunOutput(), () => null, NullLogger.Instance);
        return await activity.RunAsync(new ActivityContext("acme~run", "StreamModel", 1), call, CancellationToken.None);
    }
}
