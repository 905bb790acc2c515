namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>An amount of both things that budgets count. It may be below zero, as a debt or a difference.</summary>
/// <param name="Usd">US dollars.</param>
/// <param name="Tokens">Tokens, in and out.</param>
public readonly record struct BudgetAmount(decimal Usd, long Tokens)
{
    /// <summary>Nothing.</summary>
    public static BudgetAmount Zero => default;

    /// <summary>Both together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static BudgetAmount operator +(BudgetAmount left, BudgetAmount right) => new(left.Usd + right.Usd, left.Tokens + right.Tokens);

    /// <summary>What is left of one without the other.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static BudgetAmount operator -(BudgetAmount left, BudgetAmount right) => new(left.Usd - right.Usd, left.Tokens - right.Tokens);

    /// <summary>Both together.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static BudgetAmount Add(BudgetAmount left, BudgetAmount right) => left + right;

    /// <summary>What is left of one without the other.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static BudgetAmount Subtract(BudgetAmount left, BudgetAmount right) => left - right;

    /// <summary>Of each thing the lesser.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static BudgetAmount Min(BudgetAmount left, BudgetAmount right) => new(Math.Min(left.Usd, right.Usd), Math.Min(left.Tokens, right.Tokens));

    /// <summary>Of each thing the greater.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static BudgetAmount Max(BudgetAmount left, BudgetAmount right) => new(Math.Max(left.Usd, right.Usd), Math.Max(left.Tokens, right.Tokens));
}
