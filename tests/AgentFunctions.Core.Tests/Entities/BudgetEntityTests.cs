using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Entities;

public sealed class BudgetEntityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly IEntityDefinition entity = new BudgetEntity();
    private readonly System.Text.Json.JsonSerializerOptions json = DurableJson.CreateOptions(BudgetJsonContext.Default);
    private ReadOnlyMemory<byte> state;

    [Fact]
    public void Lease_ComesTwice_IsAnsweredAlikeAndAppliedOnce()
    {
        var request = new BudgetRequest { Holder = "w-1", Number = 1, Limit = new BudgetLimit { Usd = 10, Tokens = 5000 }, Period = BudgetPeriod.Day, Used = new(0.25m, 10), Least = new(1, 100), Want = new(2, 200) };

        var first = Apply(BudgetEntity.Lease.Name, request);
        var (bytes, second) = (state, Apply(BudgetEntity.Lease.Name, request));

        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal(bytes.ToArray(), state.ToArray());
        Assert.Equal((new BudgetAmount(0.25m, 10), new BudgetAmount(2, 200)), (State.Current.Settled, State.LeaseOf("w-1")!.Held));
        Assert.Equal(TimeSpan.FromHours(12), State.LeaseOf("w-1")!.EndsIn);
    }

    [Fact]
    public void Forget_AfterCalls_RemovesItAndAgainChangesNothing()
    {
        var request = new BudgetRequest { Holder = "w-1", Number = 1, Limit = new BudgetLimit { Usd = 10 }, Period = BudgetPeriod.Run, Used = new(4, 0), Least = new(6, 0) };
        Apply(BudgetEntity.Lease.Name, request);
        Apply(BudgetEntity.Forget.Name, true);
        Assert.True(state.IsEmpty);
        Apply(BudgetEntity.Forget.Name, true);
        Assert.True(state.IsEmpty);

        // A run that is started anew under its ID has its whole budget.
        Apply(BudgetEntity.Lease.Name, request with { Holder = "w-2", Used = default, Least = new(10, 0) });
        Assert.Equal(10m, State.LeaseOf("w-2")!.Held.Usd);
    }

    private BudgetLedgerState State => DurableJson.Read<BudgetLedgerState>(state, json);

    private ReadOnlyMemory<byte> Apply<T>(string operation, T input)
    {
        var outcome = entity.Apply(operation, entity.ReadState(state, json), DurableJson.Parse(DurableJson.Write(input, json)), new EntityContext(EntityReferences.Budget(BudgetAccountId.OfRun("r")), Noon), json);
        state = entity.WriteState(outcome.State, json);
        return outcome.Answer;
    }
}
