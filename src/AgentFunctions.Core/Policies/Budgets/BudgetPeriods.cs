using System.Globalization;

namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>How long a budget lasts until it begins anew.</summary>
public enum BudgetPeriod
{
    /// <summary>As long as the run: it never begins anew.</summary>
    Run,

    /// <summary>A day, UTC.</summary>
    Day,

    /// <summary>A month, UTC.</summary>
    Month,
}

/// <summary>The periods of budgets as times. Pure.</summary>
public static class BudgetPeriods
{
    /// <summary>The name of the period at a time: <c>2026-01-31</c>, <c>2026-01</c>, or <c>run</c>.</summary>
    /// <param name="period">Which kind.</param>
    /// <param name="now">The time.</param>
    public static string NameAt(BudgetPeriod period, DateTimeOffset now) => period switch
    {
        BudgetPeriod.Day => now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        BudgetPeriod.Month => now.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => "run",
    };

    /// <summary>When the period at a time ends; null for one that never does.</summary>
    /// <param name="period">Which kind.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset? EndAt(BudgetPeriod period, DateTimeOffset now)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return period switch
        {
            BudgetPeriod.Day => day.AddDays(1),
            BudgetPeriod.Month => day.AddDays(1 - day.Day).AddMonths(1),
            _ => null,
        };
    }
}
