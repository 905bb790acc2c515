using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tests.Budgets;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Models.Budgets;

/// <summary>Budgets in the chain of a model, with its retries.</summary>
public sealed class RetriedBudgetTests : IDisposable
{
    private static readonly BudgetAccountId Acme = new(BudgetScope.Tenant, "acme", BudgetPeriod.Day);
    private readonly BudgetHost host = new(TimeProvider.System);
    private readonly FailingModel model = new();
    private readonly ServiceProvider services;
    private readonly IChatClient chain;

    public RetriedBudgetTests()
    {
        services = new ServiceCollection()
            .AddSingleton(host.Worker(new BudgetOptions { Tenant = new() { TokensPerDay = 1000 } }))
            .Configure<ResilienceOptions>(options => (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.Zero, TimeSpan.Zero))
            .AddResilience()
            .BuildServiceProvider();
        chain = ModelChain.OverModels(services)(new ResolvedModel(model, "m", new ModelPrice(1, 10)));
    }

    public void Dispose()
    {
        chain.Dispose();
        services.Dispose();
    }

    [Fact]
    public async Task Ask_AttemptsThatMayHaveBeenPaid_CountEach()
    {
        model.Failures = 2;
        Assert.Equal("yes", await AskAsync(most: 99));
        Assert.Equal((3, 100L + 100 + 2), (model.Calls, await SpentAsync()));
    }

    [Fact]
    public async Task Ask_RetryForWhichThereIsNoRoom_IsNotMade()
    {
        model.Failures = 2;
        var error = await Assert.ThrowsAsync<BudgetExceededException>(() => AskAsync(most: 599));
        Assert.Equal((1, 600L), (model.Calls, await SpentAsync()));
        Assert.Contains("600 tokens of it is spent", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(int most) =>
        (await chain.GetResponseAsync("Why?", new ChatOptions { MaxOutputTokens = most, AdditionalProperties = new() { [ModelProperties.Run] = "acme~1" } })).Text;

    private async Task<long> SpentAsync()
    {
        await services.GetRequiredService<BudgetLedger>().ReturnAsync();
        return host.Account(Acme).Taken().Tokens;
    }

    private sealed class FailingModel : IChatClient
    {
        public int Failures { get; set; }

        public int Calls { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            ++Calls <= Failures ? Task.FromException<ChatResponse>(new ModelUnavailableException("The connection broke off.")) : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "yes")));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
