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
    public void Limit_BeforeAnyCall_IsKeptAndStandsBeforeTheSettings()
    {
        Apply(BudgetEntity.Limit.Name, new BudgetLimit { Usd = 0.5m });
        Apply(BudgetEntity.Lease.Name, new BudgetRequest { Holder = "w-1", Number = 1, Limit = new BudgetLimit { Usd = 100 }, Period = BudgetPeriod.Run, Least = new(0.6m, 0) });
        Assert.Equal((new BudgetLimit { Usd = 0.5m }, BudgetAmount.Zero), (State.Own, State.LeaseOf("w-1")!.Held));
    }

    [Fact]
    public void Limit_Again_ReplacesItAndKeepsWhatIsSpent()
    {
        Apply(BudgetEntity.Limit.Name, new BudgetLimit { Usd = 0.5m });
        Apply(BudgetEntity.Lease.Name, new BudgetRequest { Holder = "w-1", Number = 1, Period = BudgetPeriod.Run, Used = new(0.4m, 0) });
        Apply(BudgetEntity.Limit.Name, new BudgetLimit { Tokens = 7 });
        Assert.Equal((new BudgetLimit { Tokens = 7 }, 0.4m), (State.InForce(), State.Current.Settled.Usd));
    }

    private BudgetLedgerState State => DurableJson.Read<BudgetLedgerState>(state, json);

    private ReadOnlyMemory<byte> Apply<T>(string operation, T input)
    {
        var outcome = entity.Apply(operation, entity.ReadState(state, json), DurableJson.Parse(DurableJson.Write(input, json)), new EntityContext(EntityReferences.Budget(BudgetAccountId.OfRun("r")), Noon), json);
        state = entity.WriteState(outcome.State, json);
        return outcome.Answer;
    }
}
