using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Slices from <see cref="BudgetEntity"/>, as a worker can get them: it sends the operation, and reads its answer from the entity's state.</summary>
/// <param name="runs">The engine's client.</param>
/// <param name="time">The clock of the pauses between reads.</param>
public sealed class EntityBudgetSource(Func<IRunClient> runs, TimeProvider time) : IBudgetSource
{
    /// <inheritdoc/>
    public async Task<BudgetStanding> AskAsync(BudgetAccountId account, BudgetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = EntityReferences.Budget(account);
        var state = await runs().AskEntityAsync<BudgetLedgerState, BudgetRequest, BudgetLease?>(id, BudgetEntity.Lease, request, state => state.LeaseOf(request.Holder)?.Number >= request.Number, $"budget '{id.Key}'", time, cancellationToken);
        var current = state.Current;
        var now = time.GetUtcNow();
        return new BudgetStanding(state.LeaseOf(request.Holder)!, state.Limit ?? new BudgetLimit(), current.Period, BudgetPeriods.EndAt(account.Period, now), current.Spent(now));
    }
}
