using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Budgets;

/// <summary>A call was not made as what a budget has left is reserved by calls that run, or as the budget does not answer. It may fit later; another model would find the same budget.</summary>
/// <param name="message">Whose budget it is, what is spent, and what to do.</param>
/// <param name="retryAfter">When to come back.</param>
public sealed class BudgetBusyException(string message, TimeSpan retryAfter) : ThrottledException(message, retryAfter);
