using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Budgets;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Tests.Budgets;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Budgets;

public sealed class BudgetedChatClientTests : IDisposable
{
    private static readonly BudgetAccountId Acme = new(BudgetScope.Tenant, "acme", BudgetPeriod.Day);
    private static readonly ModelPrice Price = new(1, 10);
    private readonly ManualTime time = new();
    private readonly BudgetHost host;
    private readonly BudgetLedger ledger;
    private readonly YesModel model = new();
    private readonly BudgetedChatClient client;

    public BudgetedChatClientTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        host = new BudgetHost(time);
        ledger = host.Worker(new BudgetOptions { Tenant = new() { TokensPerDay = 10_000 } });
        client = new BudgetedChatClient(model, ledger, Price);
    }

    public void Dispose()
    {
        client.Dispose();
        ledger.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Answered_IsSettledByWhatTheProviderCounts(bool streams)
    {
        model.Usage = new UsageDetails { InputTokenCount = 500, OutputTokenCount = 200 };
        Assert.Equal("yes", await AskAsync(streams, most: 1000));
        Assert.Equal(new BudgetAmount(0.0025m, 700), await SpentAsync());
        Assert.Equal(1001, host.Requests[0].Request.Least!.Value.Tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_NoUsageReported_IsSettledByItsLength(bool streams)
    {
        await AskAsync(streams);
        Assert.Equal(2, (await SpentAsync()).Tokens);
        Assert.Equal(257, host.Requests[0].Request.Least!.Value.Tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_NoRoom_IsNotMade(bool streams)
    {
        await Assert.ThrowsAsync<BudgetExceededException>(() => AskAsync(streams, most: 10_001));
        Assert.Equal((0, 0L), (model.Calls, (await SpentAsync()).Tokens));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    public async Task Ask_Refused_CostsNothing(bool streams, long tokens)
    {
        foreach (var error in new Exception[] { new ThrottledException("slow down", null), new PermanentFailureException("no"), new ModelUnavailableException("away", new HttpRequestException(HttpRequestError.ConnectionError)) })
        {
            model.Failure = error;
            await Assert.ThrowsAsync(error.GetType(), () => AskAsync(streams));
        }

        Assert.Equal(tokens, (await SpentAsync()).Tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_MayHaveBeenPaid_CostsWhatItWasThoughtTo(bool streams)
    {
        model.Failure = new TimeoutException("late");
        await Assert.ThrowsAsync<TimeoutException>(() => AskAsync(streams, most: 99));
        Assert.Equal(100, (await SpentAsync()).Tokens);
    }

    [Fact]
    public async Task Ask_StreamThatIsNotReadToItsEnd_CostsWhatItWasThoughtTo()
    {
        await foreach (var _ in client.GetStreamingResponseAsync("Why?", Options(99))) break;
        Assert.Equal(100, (await SpentAsync()).Tokens);
    }

    [Fact]
    public async Task Ask_LongerAnswersThanThought_AreThoughtLongerNextTime()
    {
        model.Usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 300 };
        for (var i = 0; i < 30; i++) await AskAsync(streams: false);
        Assert.Equal(30 * 301, (await SpentAsync()).Tokens);

        var error = await Assert.ThrowsAsync<BudgetExceededException>(async () =>
        {
            for (var i = 0; i < 5; i++) await AskAsync(streams: false);
        });
        Assert.Contains("may cost 28", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_Texts_AreSettledByWhatTheProviderCounts()
    {
        using var embedder = new BudgetedEmbeddingGenerator(new TwoNumberVectors(), ledger, new ModelPrice(100, 0));
        await embedder.GenerateAsync(["one", "two"], new EmbeddingGenerationOptions { AdditionalProperties = new() { [ModelProperties.Run] = "acme~1" } });
        Assert.Equal(new BudgetAmount(0.0012m, 12), await SpentAsync());
    }

    private static ChatOptions Options(int? most) => new() { MaxOutputTokens = most, AdditionalProperties = new() { [ModelProperties.Run] = "acme~1:0004" } };

    private async Task<string> AskAsync(bool streams, int? most = null)
    {
        if (!streams) return (await client.GetResponseAsync("Why?", Options(most))).Text;
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Why?", Options(most))) text += update.Text;
        return text;
    }

    private async Task<BudgetAmount> SpentAsync()
    {
        await ledger.ReturnAsync();
        return host.Account(Acme).Taken();
    }
}
