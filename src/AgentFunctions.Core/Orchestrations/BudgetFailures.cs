using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>What a run's failure is called that comes of several: where a budget kept one of them from being tried, that is what ended it.</summary>
internal static class BudgetFailures
{
    /// <summary>Whether a budget had no room for it.</summary>
    public static bool IsOne(FailureDetails? failure) => failure?.Type == BudgetExceededException.TypeName;

    /// <summary>The type of the failure that these lead to together.</summary>
    /// <param name="failures">Of each part; null where it has none.</param>
    /// <param name="other">The type where no budget was in the way.</param>
    public static string TypeOf(IEnumerable<FailureDetails?> failures, string other) => failures.Any(IsOne) ? BudgetExceededException.TypeName : other;
}
