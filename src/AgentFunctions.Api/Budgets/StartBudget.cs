using System.Globalization;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Api.Budgets;

/// <summary>The budget that a run is given at its start: for requests, messages and the command line alike.</summary>
internal static class StartBudget
{
    /// <summary>The query parameter and message property for US dollars.</summary>
    public const string Usd = "budget";

    /// <summary>The query parameter and message property for tokens.</summary>
    public const string Tokens = "budgetTokens";

    /// <summary>What an amount of US dollars may be, in words.</summary>
    public const string UsdRule = "Write US dollars as a number above 0 and up to 1000000000, such as 0.50.";

    /// <summary>What a number of tokens may be, in words.</summary>
    public const string TokensRule = "Write a whole number of tokens from 1 to 1000000000000000, such as 20000.";

    /// <summary>The budget of a request; null where it names none.</summary>
    public static BudgetLimit? Read(QueryValues query) => Of(query.Text(Usd, 100), query.Text(Tokens, 100), ProblemException.Parameter);

    /// <summary>The budget that two texts say.</summary>
    /// <param name="usd">US dollars, or null.</param>
    /// <param name="tokens">Tokens, or null.</param>
    /// <param name="refuse">Makes what is thrown: of the name, "is 'x'" and what to do.</param>
    public static BudgetLimit? Of(string? usd, string? tokens, Func<string, string, string, Exception> refuse)
    {
        if (usd is null && tokens is null) return null;
        return new BudgetLimit
        {
            Usd = usd is null ? null : UsdOf(usd) ?? throw refuse(Usd, $"is '{Shown.Of(usd)}'", UsdRule),
            Tokens = tokens is null ? null : TokensOf(tokens) ?? throw refuse(Tokens, $"is '{Shown.Of(tokens)}'", TokensRule),
        };
    }

    /// <summary>An amount of US dollars; null where this is none.</summary>
    public static decimal? UsdOf(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd is > 0 and <= BudgetLimit.MostUsd ? usd : null;

    /// <summary>A number of tokens; null where this is none.</summary>
    public static long? TokensOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens is > 0 and <= BudgetLimit.MostTokens ? tokens : null;

    /// <summary>Refuses a budget where runs can have none of their own.</summary>
    public static void Check(ApiEnvironment environment)
    {
        if (environment.Parts.Budgets is not { Options.RunBudgets: true }) throw new ProblemException(ProblemKind.InvalidRequest, $"The start names a budget of the run's own, and this host keeps none of single runs. Leave '{Usd}' and '{Tokens}' out, or set {BudgetOptions.Section}:{nameof(BudgetOptions.RunBudgets)} to true.");
    }
}
