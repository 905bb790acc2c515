using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Removes what is kept of a run's budget, as the run is purged. What it spent of its tenant's stays spent.</summary>
public static class BudgetRemoval
{
    /// <summary>Removes it, where there is any; again it changes nothing. A worker that made a call of the run within the last 15 seconds may tell of it afterwards, and leave a budget of nothing behind.</summary>
    /// <param name="runs">The engine's client.</param>
    /// <param name="instanceId">The instance ID of a run that has ended. A sub-orchestration's spends its run's budget, which stays.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task RemoveAsync(IRunClient runs, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (InstanceIds.RootOf(instanceId) != instanceId) return;
        var id = EntityReferences.Budget(BudgetAccountId.OfRun(instanceId));
        if (await runs.GetEntityStateAsync<BudgetLedgerState>(id, cancellationToken) is not null) await runs.SignalEntityAsync(id, BudgetEntity.Forget, input: true, cancellationToken);
    }
}
