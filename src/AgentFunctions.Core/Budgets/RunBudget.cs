using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Budget;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>The budget that a run is given at its start: kept in its entity before the run is started, so that no call of it can come first.</summary>
public static class RunBudget
{
    /// <summary>Gives a run its budget, and waits until every worker can read it.</summary>
    /// <param name="runs">The engine's client.</param>
    /// <param name="instanceId">The run's instance ID; it has not been started yet.</param>
    /// <param name="limit">What it may spend.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="TimeoutException">The entity does not answer.</exception>
    public static async Task SetAsync(IRunClient runs, string instanceId, BudgetLimit limit, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(limit);
        var id = EntityReferences.Budget(BudgetAccountId.OfRun(instanceId));
        await runs.AskEntityAsync<BudgetLedgerState, BudgetLimit, BudgetLimit>(id, BudgetEntity.Limit, limit, state => state.Own == limit, $"budget '{id.Key}'", time, cancellationToken);
    }

    /// <summary>The budget that a run was given; null for none.</summary>
    /// <param name="runs">The engine's client.</param>
    /// <param name="instanceId">The run's instance ID.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static Task<BudgetLimit?> OfAsync(IRunClient runs, string instanceId, CancellationToken cancellationToken) =>
        new EntityBudgetSource(() => runs, TimeProvider.System).OwnLimitAsync(instanceId, cancellationToken);
}
