namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>A budget: this period, and the last one, for calls that ended after it.</summary>
public sealed record BudgetLedgerState
{
    /// <summary>The limit, as a worker last told: of its settings, or of the run's start. Default: none was told.</summary>
    public BudgetLimit? Limit { get; init; }

    /// <summary>This period.</summary>
    public BudgetAccount Current { get; init; } = new();

    /// <summary>The period before it.</summary>
    public BudgetAccount? Previous { get; init; }

    /// <summary>What the holder of a slice was last answered; null where it was not.</summary>
    /// <param name="holder">The holder's name.</param>
    public BudgetLease? LeaseOf(string holder) =>
        Current.Leases.TryGetValue(holder, out var lease) || (Previous is { } previous && previous.Leases.TryGetValue(holder, out lease)) ? lease : null;

    /// <summary>The account of the period at a time; one that is past counts no more.</summary>
    /// <param name="period">How long the budget lasts.</param>
    /// <param name="now">The time.</param>
    public BudgetAccount At(BudgetPeriod period, DateTimeOffset now)
    {
        // A clock that stands before this period (they differ by seconds between hosts) does not bring an old one back.
        var name = BudgetPeriods.NameAt(period, now);
        return string.CompareOrdinal(Current.Period, name) >= 0 ? Current : new BudgetAccount { Period = name };
    }
}
