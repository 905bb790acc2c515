using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Entities.Budget;

/// <summary>
/// Deals a budget out to workers in slices, from which they pay many calls: it is asked once for many of them. What it knows and does is <see cref="BudgetPolicy"/>.
/// A worker gets its answer by reading the state.
/// </summary>
public sealed class BudgetEntity : Entity<BudgetLedgerState>
{
    /// <summary>The registered name.</summary>
    public const string Name = "budget";

    /// <summary>Makes the entity.</summary>
    public BudgetEntity()
    {
        On(Lease, (state, request, context) =>
        {
            var next = BudgetPolicy.Answer(state, request, context.UtcNow);
            return (next, next.LeaseOf(request.Holder));
        });
        On(Forget, (_, _, _) => (null, true));
    }

    /// <summary>Settles what the holder of a slice tells, and gives it what it asks for. A request that has been answered, or is older than one that has, changes nothing.</summary>
    public static EntityOperation<BudgetRequest, BudgetLease?> Lease { get; } = new("lease");

    /// <summary>Removes the budget: its run is purged. Again it changes nothing.</summary>
    public static EntityOperation<bool, bool> Forget { get; } = new("forget");

    /// <inheritdoc/>
    protected override BudgetLedgerState InitialState { get; } = new();
}
