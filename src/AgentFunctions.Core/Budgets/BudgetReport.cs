using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Core.Budgets;

/// <summary>Where budgets stand.</summary>
/// <param name="Worker">The worker that answers.</param>
/// <param name="Budgets">The budgets: all tenants', then those of tenants by name, then a run's.</param>
public sealed record BudgetReport(string Worker, IReadOnlyList<BudgetStatus> Budgets);

/// <summary>Where a budget stands.</summary>
public sealed record BudgetStatus
{
    /// <summary>Whose it is.</summary>
    public required BudgetScope Scope { get; init; }

    /// <summary>The tenant's name, or the run's instance ID; null for all tenants.</summary>
    public string? Name { get; init; }

    /// <summary>How long it lasts.</summary>
    public required BudgetPeriod Period { get; init; }

    /// <summary>Which period: <c>2026-01-31</c>, <c>2026-01</c>, or <c>run</c>.</summary>
    public required string PeriodName { get; init; }

    /// <summary>The limit. A thing without one is left out.</summary>
    public required BudgetLimit Limit { get; init; }

    /// <summary>What is spent, as workers told within the last seconds; and what workers held that are lost.</summary>
    public required BudgetAmount Spent { get; init; }

    /// <summary>What workers hold for calls that run and calls to come.</summary>
    public required BudgetAmount Reserved { get; init; }

    /// <summary>What is left beside both. A thing without a limit is left out.</summary>
    public required BudgetLimit Remaining { get; init; }

    /// <summary>When it begins anew; null for a run's, which never does.</summary>
    public DateTimeOffset? RenewsAt { get; init; }

    internal static BudgetStatus From(BudgetLine line, BudgetLedgerState? state, DateTimeOffset now)
    {
        var (id, account) = (line.Account, (state ?? new()).At(line.Account.Period, now));
        var limit = line.Limit;
        return new BudgetStatus
        {
            Scope = id.Scope,
            Name = id.Name.Length == 0 ? null : id.Name,
            Period = id.Period,
            PeriodName = account.Period,
            Limit = limit,
            Spent = account.Spent(now),
            Reserved = limit.PartOf(account.Reserved(now)),
            Remaining = limit.Left(account.Taken()),
            RenewsAt = BudgetPeriods.EndAt(id.Period, now),
        };
    }
}
