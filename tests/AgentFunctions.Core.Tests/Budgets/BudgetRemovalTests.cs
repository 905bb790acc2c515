using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Testing;

namespace AgentFunctions.Core.Tests.Budgets;

public sealed class BudgetRemovalTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task Remove_RunThatSpent_ItsBudgetIsGoneAndAgainNothingIsDone()
    {
        var host = new BudgetHost(time);
        using var worker = host.Worker(new BudgetOptions());
        (await worker.ReserveAsync("acme~1:0004", new BudgetLimit { Usd = 1 }, new(0.5m, 10), default)).Settle();
        await worker.ReturnAsync();
        Assert.Equal(0.5m, host.Account(BudgetAccountId.OfRun("acme~1")).Settled.Usd);

        await BudgetRemoval.RemoveAsync(host.Client, "acme~1:0004", default);
        Assert.Equal(0, host.Forgotten);
        await BudgetRemoval.RemoveAsync(host.Client, "acme~1", default);
        await BudgetRemoval.RemoveAsync(host.Client, "acme~1", default);

        Assert.Equal((1, 0m), (host.Forgotten, host.Account(BudgetAccountId.OfRun("acme~1")).Taken().Usd));
    }

    [Fact]
    public async Task Remove_RunWithoutABudget_MakesNone()
    {
        var host = new BudgetHost(time);
        await BudgetRemoval.RemoveAsync(host.Client, "acme~1", default);
        Assert.Equal((1, 0), (host.Reads, host.Forgotten));
    }
}
