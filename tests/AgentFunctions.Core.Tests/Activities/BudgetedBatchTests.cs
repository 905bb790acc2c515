using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Budgets;
using AgentFunctions.Testing;
using Moq;

namespace AgentFunctions.Core.Tests.Activities;

/// <summary>Batches of the provider under budgets. Two requests of one token each, at half of $1 for a million tokens in and $10 out.</summary>
public sealed class BudgetedBatchTests : IDisposable
{
    private static readonly ActivityContext context = new("acme~1", "SubmitBatch", 1) { Budget = new BudgetLimit { Tokens = 10_000 } };
    private static readonly BudgetAccountId Acme = new(BudgetScope.Tenant, "acme", BudgetPeriod.Day);
    private static readonly BatchItems Items = new() { Items = [new BatchItem { Key = "a", Text = "Why?" }, new BatchItem { Key = "b", Text = "How?" }] };
    private readonly BudgetHost host = new(new ManualTime());
    private readonly Mock<IBatchProvider> provider = new();
    private readonly Mock<IModelCatalog> models = new();
    private readonly BudgetLedger ledger;

    public BudgetedBatchTests()
    {
        ledger = host.Worker(new BudgetOptions { Tenant = new() { UsdPerDay = 100 } });
        models.Setup(catalog => catalog.Resolve("m")).Returns(new ResolvedModel(Mock.Of<Microsoft.Extensions.AI.IChatClient>(), "m", new ModelPrice(1, 10)));
        provider.Setup(api => api.PriceFactor).Returns(0.5m);
        provider.Setup(api => api.UploadAsync(It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>())).ReturnsAsync("file");
        provider.Setup(api => api.CreateAsync("file", "key", It.IsAny<CancellationToken>())).ReturnsAsync(new ProviderBatch { Id = "batch", Status = "in_progress" });
    }

    public void Dispose() => ledger.Dispose();

    [Fact]
    public async Task Submit_ThereIsRoom_CountsPromptsAndAnswersOfTheUsualLength()
    {
        var state = await SubmitAsync(longestAnswer: 4000);
        Assert.Equal(new BudgetAmount((2 + (2 * 256 * 10)) / 2_000_000m, 2 + (2 * 256)), state.Counted);
        Assert.Equal((state.Counted, state.Counted), (await SpentAsync(Acme), await SpentAsync(BudgetAccountId.OfRun("acme~1"))));
    }

    [Fact]
    public async Task Submit_NoRoomForAllThatItMayCost_SendsNothing()
    {
        await Assert.ThrowsAsync<BudgetExceededException>(() => SubmitAsync(longestAnswer: 5000));
        provider.Verify(api => api.UploadAsync(It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()), Times.Never);
        Assert.Equal(BudgetAmount.Zero, await SpentAsync(Acme));
    }

    [Fact]
    public async Task Submit_ItIsThereAlready_IsNotCountedAgain()
    {
        provider.Setup(api => api.FindAsync("key", It.IsAny<CancellationToken>())).ReturnsAsync(new ProviderBatch { Id = "batch", Status = "in_progress" });
        Assert.Null((await SubmitAsync(longestAnswer: 100)).Counted);
        Assert.Empty(host.Requests);
    }

    [Fact]
    public async Task Submit_TheProviderFails_CountsNothing()
    {
        provider.Setup(api => api.CreateAsync("file", "key", It.IsAny<CancellationToken>())).ThrowsAsync(new ModelUnavailableException("away"));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => SubmitAsync(longestAnswer: 100));
        Assert.Equal(BudgetAmount.Zero, await SpentAsync(Acme));
    }

    [Theory]
    [InlineData(0, 402L)]
    [InlineData(150, 402L)]
    [InlineData(500, 500L)]
    public async Task Read_WhatItCostBeyondWhatWasCounted_IsCounted(long counted, long tokens)
    {
        var lines = """
            {"custom_id":"a","response":{"status_code":200,"body":{"model":"m","choices":[{"message":{"role":"assistant","content":"So."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":200}}}}
            {"custom_id":"b","response":{"status_code":200,"body":{"model":"m","choices":[{"message":{"role":"assistant","content":"So."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":200}}}}
            """u8.ToArray();
        provider.Setup(api => api.DownloadAsync("out", It.IsAny<CancellationToken>())).ReturnsAsync(lines);
        var before = new BudgetAmount(counted * 0.000005m, counted);
        ledger.Spend("acme~1", context.Budget, before);

        var outcomes = await new ReadBatchActivity(provider.Object, models.Object, new MemoryContentStore(), ledger).RunAsync(context, new BatchReading(new BatchState { BatchId = "batch", Status = "completed", OutputFileId = "out", Counted = before }, Items, "m"), default);

        Assert.Equal((2, tokens), (outcomes.Succeeded, (await SpentAsync(Acme)).Tokens));
    }

    private Task<BatchState> SubmitAsync(int longestAnswer) => new SubmitBatchActivity(provider.Object, models.Object, new MemoryContentStore(), ledger)
        .RunAsync(context, new BatchSubmission { Requests = Items, Model = "m", MaxOutputTokens = longestAnswer, IdempotencyKey = "key" }, default);

    private async Task<BudgetAmount> SpentAsync(BudgetAccountId account)
    {
        await ledger.ReturnAsync();
        return host.Account(account).Taken();
    }
}
