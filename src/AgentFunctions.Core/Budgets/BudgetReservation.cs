using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>What is reserved for a call in each budget that it counts for. It is ended once; what comes after that changes nothing.</summary>
public sealed class BudgetReservation
{
    private readonly IReadOnlyList<BudgetSlice> slices;
    private readonly BudgetAmount amount;
    private readonly Action<BudgetAmount> spent;
    private int hasEnded;

    internal BudgetReservation(IReadOnlyList<BudgetSlice> slices, BudgetAmount amount, Action<BudgetAmount> spent) => (this.slices, this.amount, this.spent) = (slices, amount, spent);

    /// <summary>The reservation of a call that no budget counts.</summary>
    public static BudgetReservation None { get; } = new([], default, _ => { });

    /// <summary>Ends it with what the call has cost; no more or less than the reservation where that is not known.</summary>
    /// <param name="cost">What it cost; null where that is not known. It may be above what was reserved: then the budget owes it.</param>
    public void Settle(BudgetAmount? cost = null)
    {
        if (slices.Count == 0 || Interlocked.Exchange(ref hasEnded, 1) != 0) return;
        foreach (var slice in slices) slice.Settle(amount, cost ?? amount);
        spent(cost ?? amount);
    }
}
