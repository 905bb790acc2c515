using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Caching;
using Microsoft.Extensions.AI;
using Moq;

namespace AgentFunctions.Core.Tests.Models.Routing;

/// <summary>CallModel over routed models: what the reply says and costs. A call of small costs $0.002, of middle $0.02, of big $0.2.</summary>
public sealed class RoutedCallTests
{
    private static readonly AnswerCheck YesOrNo = new() { Labels = ["yes", "no"] };
    private readonly TieredModels models = new();
    private readonly FakeCallCache cache = new();

    [Fact]
    public async Task Auto_EasyQuestion_GoesToFastAndSaysWhy()
    {
        var reply = await CallAsync(Ask("What is the capital of France?"));

        Assert.Equal(("small says so", "small-2026", 0.002m), (reply.Text.Text!, reply.Model, reply.Cost!.Usd));
        Assert.Equal("auto", reply.Route!.Asked);
        Assert.Equal(ComplexityScore.Of("Do it.\nWhat is the capital of France?"), reply.Route.Complexity!.Value, 0.001);
        Assert.Equal(["Answered fast small complexity 0.01 0.002"], Steps(reply));
        Assert.Null(reply.Accepted);
        Assert.Null(reply.Notice);
        Assert.Equal("small", models.Small.Options[0]!.ModelId);
    }

    [Fact]
    public async Task Auto_BudgetHasNoRoomForNow_IsNotGivenToADearerModel()
    {
        models.Small.Says(new BudgetBusyException("The rest is reserved.", TimeSpan.FromSeconds(5)));
        await Assert.ThrowsAsync<BudgetBusyException>(() => CallAsync(Ask("What is the capital of France?")));
        Assert.Equal(["small"], models.Asked);
    }

    [Fact]
    public async Task Auto_TitledPartsAreMaterial_AndOnlyTheTaskIsScored()
    {
        var call = Ask("Who?") with { Parts = [Part("Who?"), Part("Why, how, compare, explain, derive and prove? You must, only, exactly, never. Then design it.") with { Title = "a.txt" }] };
        Assert.Equal("small-2026", (await CallAsync(call)).Model);
        Assert.Equal("capable", (await CallAsync(call with { Parts = [Part("Who?"), call.Parts[1] with { Title = null }] })).Route!.Steps[0].Name);
    }

    [Fact]
    public async Task Auto_LongPrompt_GoesWhereItFits()
    {
        var reply = await CallAsync(Ask("Sum it up.") with { Purpose = ModelPurpose.Summarize, MaxOutputTokens = 1000, Parts = [Part(new string('x', 4 * 4100))] });
        Assert.Equal("purpose Summarize, but some 4102 tokens and the answer do not fit into the 5000 of 'small'", Assert.Single(reply.Route!.Steps).Reason);
        Assert.Equal("middle-2026", reply.Model);
        Assert.Null(reply.Route.Complexity);
    }

    [Fact]
    public async Task Named_NothingConfigured_IsAsWithoutRouting()
    {
        var reply = await CallAsync(Ask("Why?") with { Model = "fast" });
        Assert.Equal((0.002m, null, null), (reply.Cost!.Usd, reply.Route, reply.Notice));
        models.Small.Says(new ThrottledException("later", TimeSpan.FromMinutes(1)));
        await Assert.ThrowsAsync<ThrottledException>(() => CallAsync(Ask("Why?") with { Model = "fast" }));
        Assert.Equal(["small", "small"], models.Asked);
    }

    [Fact]
    public async Task Rejected_GoesUpTheTiers_AndCostsAllOfThem()
    {
        models.Small.Says("I am not sure.");
        models.Middle.Says("Perhaps");
        models.Big.Says("Yes.");
        var reply = await CallAsync(Ask("Is it?") with { Model = "fast", Accept = YesOrNo });

        Assert.Equal(("Yes.", "big-2026", true, null), (reply.Text.Text, reply.Model, reply.Accepted, reply.Notice));
        Assert.Equal(new Cost(300, 30, 0.222m), reply.Cost);
        Assert.Equal(
            [
                "Rejected fast small the call names it 0.002 'I am not sure.' is none of the 2 labels",
                "Rejected balanced middle the answer of 'fast' was not accepted 0.02 'Perhaps' is none of the 2 labels",
                "Answered capable big the answer of 'balanced' was not accepted 0.2",
            ],
            Steps(reply));
        Assert.Null(reply.Route!.Complexity);
    }

    [Fact]
    public async Task Rejected_ByAllTiers_TheHighestOnesAnswerIsGivenWithANotice()
    {
        models.Small.Says("a");
        models.Middle.Says("b");
        models.Big.Says("c");
        var reply = await CallAsync(Ask("Is it?") with { Accept = YesOrNo });
        Assert.Equal(("c", false, "the answer was not accepted: 'c' is none of the 2 labels", 0.222m), (reply.Text.Text, reply.Accepted, reply.Notice, reply.Cost!.Usd));
    }

    [Fact]
    public async Task Rejected_AndRequired_FailsForGood()
    {
        models.Middle.Says("b");
        var error = await Assert.ThrowsAsync<AnswerRejectedException>(() => CallAsync(Ask("Is it?") with { Model = "balanced", Accept = YesOrNo with { Required = true } }));
        Assert.StartsWith("No answer was accepted. 'balanced' (middle): 'b' is none of the 2 labels; 'capable' (big): 'big says so' is none of the 2 labels. It cost 0.22", error.Message, StringComparison.Ordinal);
        Assert.True(FailureDetails.From(error).Permanent);
    }

    [Fact]
    public async Task Rejected_NamedModel_IsCheckedButNotReplaced()
    {
        var reply = await CallAsync(Ask("Is it?") with { Model = "spare", Accept = YesOrNo });
        Assert.Equal((false, "spare-2026"), (reply.Accepted, reply.Model));
        Assert.Equal(["spare"], models.Asked);
    }

    [Fact]
    public async Task Rejected_HigherTierIsAway_TheBestAnswerOrTheErrorWhereOneIsRequired()
    {
        models.Middle.Says(new ModelUnavailableException("It is down."));
        models.Big.Says(new TimeoutException("It is late."));
        var call = Ask("Is it?") with { Model = "fast", Accept = YesOrNo };
        var reply = await CallAsync(call);
        Assert.Equal(("small says so", false, 0.002m), (reply.Text.Text, reply.Accepted, reply.Cost!.Usd));
        Assert.Equal("answered by 'fast' (small), as 'balanced' (middle) failed with ModelUnavailableException and 'capable' (big) failed with TimeoutException; the answer was not accepted: 'small says so' is none of the 2 labels", reply.Notice);
        await Assert.ThrowsAsync<TimeoutException>(() => CallAsync(call with { Accept = YesOrNo with { Required = true } }));
    }

    [Fact]
    public async Task Rejected_Kept_EscalatesAgainAtNoCost()
    {
        models.Small.Says("Perhaps");
        models.Middle.Says("no");
        var call = Ask("Is it?") with { Model = "fast", Accept = YesOrNo };
        var first = await CallAsync(call, cached: true);
        var second = await CallAsync(call, cached: true);
        var plain = await CallAsync(call with { Accept = null }, cached: true);

        Assert.Equal((0.022m, null), (first.Cost!.Usd, first.Cache));
        Assert.Equal(("no", Cost.None, true), (second.Text.Text!, second.Cost!, second.Accepted!.Value));
        Assert.NotNull(second.Cache);
        Assert.Equal([true, true], second.Route!.Steps.Select(step => step.Cached));
        Assert.Equal("Perhaps", plain.Text.Text);
        Assert.Equal(["small", "middle"], models.Asked);
    }

    [Fact]
    public async Task Rejected_PartlyKept_CostsWhatWasPaidAndIsNotCalledKept()
    {
        models.Small.Says("Perhaps");
        models.Middle.Says("no");
        await CallAsync(Ask("Is it?") with { Model = "fast" }, cached: true);
        var reply = await CallAsync(Ask("Is it?") with { Model = "fast", Accept = YesOrNo }, cached: true);
        Assert.Equal((0.02m, null), (reply.Cost!.Usd, reply.Cache));
        Assert.Equal([true, false], reply.Route!.Steps.Select(step => step.Cached));
    }

    [Fact]
    public async Task ToolCallsAndFilters_CallsAreAcceptedAndFilteredAnswersAreNot()
    {
        models.Small.Says(new ChatResponse(new ChatMessage(ChatRole.Assistant, "no")) { FinishReason = ChatFinishReason.ContentFilter });
        models.Middle.Says(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "echo")])) { FinishReason = ChatFinishReason.ToolCalls });
        var reply = await CallAsync(Ask("Is it?") with { Model = "fast", Accept = YesOrNo });
        Assert.Equal((true, "the content filter withheld it"), (reply.Accepted, reply.Route!.Steps[0].Fault));
    }

    public static TheoryData<Exception> Reasons => [new ThrottledException("later", TimeSpan.FromSeconds(3)), new ThrottledException("later", retryAfter: null), new CircuitOpenException("m@h", "open", TimeSpan.FromSeconds(1)), new DeploymentRefusedException("no money left"), new ModelUnavailableException("down"), new TimeoutException("late")];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Fallback_AutoWhoseTierFails_IsAnsweredByTheNextAndSaysSo(Exception error)
    {
        models.Small.Says(error);
        var reply = await CallAsync(Ask("Who?"));
        Assert.Equal(("middle says so", 0.02m), (reply.Text.Text, reply.Cost!.Usd));
        Assert.Equal($"answered by 'balanced' (middle), as 'fast' (small) failed with {error.GetType().Name}", reply.Notice);
        Assert.Equal([RouteOutcome.Failed, RouteOutcome.Answered], reply.Route!.Steps.Select(step => step.Outcome));
        Assert.Equal("'fast' failed; above 'fast'", reply.Route.Steps[1].Reason);
    }

    public static TheoryData<Exception> NoReasons => [new PermanentFailureException("wrong"), new BudgetGone(), new InvalidOperationException("a bug"), new OperationCanceledException()];

    [Theory]
    [MemberData(nameof(NoReasons))]
    public async Task Fallback_WrongInputOrNoBudget_IsNever(Exception error)
    {
        models.Small.Says(error);
        Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(Ask("Who?"))));
        Assert.Equal(["small"], models.Asked);
    }

    [Fact]
    public async Task Fallback_AllAway_IsTheLastError()
    {
        models.Small.Says(new TimeoutException("late"));
        models.Middle.Says(new ModelUnavailableException("down"));
        models.Big.Says(new ThrottledException("later", TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromSeconds(9), (await Assert.ThrowsAsync<ThrottledException>(() => CallAsync(Ask("Who?")))).RetryAfter);
        Assert.Equal(["small", "middle", "big"], models.Asked);
    }

    [Fact]
    public async Task Fallback_ShortRetryAfter_IsWaitedForOnce()
    {
        var time = new ManualTime();
        models.Small.Says(new ThrottledException("soon", TimeSpan.FromSeconds(2)), "now");
        var waited = CallAsync(Ask("Who?"), time: time);
        await time.NextTimerAsync();
        Assert.False(waited.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        var reply = await waited;
        Assert.Equal(("now", null, 1), (reply.Text.Text, reply.Notice, reply.Route!.Steps.Count));

        models.Small.Says(new ThrottledException("soon", TimeSpan.FromSeconds(2)));
        var again = CallAsync(Ask("Who?"), time: time);
        await time.NextTimerAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("middle-2026", (await again).Model);
        Assert.Equal(["small", "small", "small", "small", "middle"], models.Asked);
    }

    [Fact]
    public async Task Fallback_NamedTier_OnlyWhereConfigured()
    {
        models.Big.Says(new ModelUnavailableException("down"));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => CallAsync(Ask("Who?") with { Model = "capable" }));
        Assert.Equal("middle-2026", (await CallAsync(Ask("Who?") with { Model = "capable" }, routing: new() { NamedTiers = true })).Model);
        var chained = await CallAsync(Ask("Who?") with { Model = "big" }, routing: new() { Chains = { ["big"] = ["spare"] } });
        Assert.Equal(("spare-2026", "answered by 'spare' (spare), as 'big' (big) failed with ModelUnavailableException"), (chained.Model, chained.Notice));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => CallAsync(Ask("Who?") with { Model = "big" }, routing: new() { NamedTiers = true }));
    }

    [Theory]
    [InlineData("hard", "big-2026")]
    [InlineData(" Moderate. ", "middle-2026")]
    [InlineData("simple", "small-2026")]
    [InlineData("no idea", "middle-2026")]
    public async Task Classifier_Label_IsTheTierAndItsCostIsInTheReply(string label, string model)
    {
        models.Small.Says(label, "small says so");
        var reply = await CallAsync(Ask("Who?"), routing: new() { Strategy = RoutingStrategy.Model });
        Assert.Equal((model, RouteOutcome.Classified, 0.002m), (reply.Model, reply.Route!.Steps[0].Outcome, reply.Route.Steps[0].Cost!.Usd));
        Assert.Equal(reply.Cost, Cost.Sum(reply.Route.Steps.Select(step => step.Cost)));
        Assert.Equal(label == "no idea", reply.Route.Steps[0].Fault is not null);
        Assert.Equal((ModelPurpose.Classify, RunPriority.Background, "acme~run"), (models.Small.Options[0]!.AdditionalProperties![ModelProperties.Purpose], models.Small.Options[0]!.AdditionalProperties![ModelProperties.Priority], models.Small.Options[0]!.AdditionalProperties![ModelProperties.Run]));
        Assert.EndsWith("Who?", models.Small.Messages[0][1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classifier_Fails_TheRulesDecide()
    {
        models.Small.Says(new ModelUnavailableException("down"));
        var reply = await CallAsync(Ask("Who?"), routing: new() { Strategy = RoutingStrategy.Model });
        Assert.Equal(("middle-2026", "ModelUnavailableException: down; the rules decided", null), (reply.Model, reply.Route!.Steps[0].Fault, reply.Notice));
        Assert.Equal("purpose Answer", reply.Route.Steps[1].Reason);
    }

    [Fact]
    public async Task Classifier_Twice_IsKeptAsAStep()
    {
        models.Small.Says("hard");
        var routing = new RoutingOptions { Strategy = RoutingStrategy.Model };
        await CallAsync(Ask("Who?"), routing: routing, cached: true);
        var reply = await CallAsync(Ask("Who?"), routing: routing, cached: true);
        Assert.Equal((Cost.None, true), (reply.Cost!, reply.Route!.Steps[0].Cached));
        Assert.Equal((CacheKind.Reasoning, CacheKind.Response, null), (cache.Requests[0].Kind, cache.Requests[1].Kind, cache.Requests[0].Question));
        Assert.Equal(["small", "big"], models.Asked);
    }

    [Fact]
    public async Task OnlyKept_NothingIsKept_IsAMissAndNoModelIsAsked()
    {
        await Assert.ThrowsAsync<CacheMissException>(() => CallAsync(Ask("Who?") with { Cache = new CacheSettings { Mode = CacheMode.Only } }, routing: new() { Strategy = RoutingStrategy.Model }, cached: true));
        Assert.Empty(models.Asked);
    }

    [Fact]
    public async Task Accept_Wrong_IsRefusedBeforeAnythingIsPaid()
    {
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => CallAsync(Ask("Who?") with { Accept = new AnswerCheck { MinCharacters = 0 } }));
        Assert.Equal("accept.minCharacters is 0. Set it to between 1 and 1,000,000.", error.Message);
        Assert.Empty(models.Asked);
    }

    [Fact]
    public async Task Accept_CatalogWithoutRouting_IsRefused()
    {
        var plain = new ModelCatalog(TieredModels.Options, (_, name) => models.Small);
        var error = await Assert.ThrowsAsync<PermanentFailureException>(() => RunAsync(Ask("Who?") with { Model = "fast", Accept = YesOrNo }, plain));
        Assert.Contains("comes from a catalog that checks none", error.Message, StringComparison.Ordinal);
    }

    private static ModelCall Ask(string text) => new() { Model = "auto", Instructions = "Do it.", Parts = [Part(text)] };

    private static PromptPart Part(string text) => new() { Content = new Content { Text = text } };

    private static string[] Steps(ModelReply reply) => [.. reply.Route!.Steps.Select(step => FormattableString.Invariant($"{step.Outcome} {step.Name} {step.Model} {step.Reason} {step.Cost?.Usd:0.###} {step.Fault}").TrimEnd())];

    private Task<ModelReply> CallAsync(ModelCall call, RoutingOptions? routing = null, bool cached = false, TimeProvider? time = null) => RunAsync(call, models.Catalog(routing, time, cached ? cache : null));

    private static Task<ModelReply> RunAsync(ModelCall call, IModelCatalog catalog) =>
        new CallModelActivity(catalog, new MemoryContentStore(), Mock.Of<IChunkReader>()).RunAsync(new ActivityContext("acme~run", "CallModel", 1) { Priority = RunPriority.Background }, call, CancellationToken.None);

    private sealed class BudgetGone() : PermanentFailureException("The budget is used up.");
}
