using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Where a budget stood when a slice's holder was answered.</summary>
/// <param name="Lease">The holder's answer.</param>
/// <param name="Limit">The limit that holds.</param>
/// <param name="Period">The period's name.</param>
/// <param name="EndsAt">When the period ends; null where it does not.</param>
/// <param name="Spent">What is spent, also by those who are lost.</param>
public sealed record BudgetStanding(BudgetLease Lease, BudgetLimit Limit, string Period, DateTimeOffset? EndsAt, BudgetAmount Spent);
