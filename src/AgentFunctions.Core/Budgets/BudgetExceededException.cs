using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>A call was not made as a budget has no room for it; nothing was paid. Its type's name is what a run that ends by it has for its failure's type.</summary>
public sealed class BudgetExceededException : PermanentFailureException
{
    /// <summary>The name that failures have: <c>BudgetExceededException</c>.</summary>
    public const string TypeName = nameof(BudgetExceededException);

    private BudgetExceededException(string message, BudgetAccountId account)
        : base(message) => Account = account;

    /// <summary>Which budget.</summary>
    public BudgetAccountId Account { get; }

    /// <summary>Says whose budget it is, its limit, what is spent, and what to do.</summary>
    internal static BudgetExceededException Of(BudgetAccountId account, BudgetStanding standing, BudgetAmount wanted)
    {
        var limit = standing.Limit;
        var what = account.Scope == BudgetScope.Run
            ? "Start a run with a higher budget, or none."
            : $"It begins anew at {standing.EndsAt?.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: start the run again then, or raise the limit in the section {BudgetOptions.Section} of the settings.";
        return new($"The budget of {account.Say(standing.Period)} is {limit}. {limit.Say(standing.Spent)} of it is spent, and the next call may cost {limit.Say(wanted)}. {what}", account);
    }
}
