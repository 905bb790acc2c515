using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Where a worker gets slices of budgets: their entities.</summary>
public interface IBudgetSource
{
    /// <summary>Tells a budget, and asks it.</summary>
    /// <param name="account">Which.</param>
    /// <param name="request">What is told and asked.</param>
    /// <param name="cancellationToken">Ends the wait; the request may be answered all the same.</param>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    Task<BudgetStanding> AskAsync(BudgetAccountId account, BudgetRequest request, CancellationToken cancellationToken);
}
