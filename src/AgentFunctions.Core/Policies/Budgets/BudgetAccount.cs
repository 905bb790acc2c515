namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>What has become of a budget in one period.</summary>
public sealed record BudgetAccount
{
    /// <summary>The period's name: <c>2026-01-31</c>, <c>2026-01</c>, or <c>run</c>; empty where nothing has begun.</summary>
    public string Period { get; init; } = "";

    /// <summary>What calls have truly cost, as workers told; and what was lost with workers long gone.</summary>
    public BudgetAmount Settled { get; init; }

    /// <summary>What each slice's holder has, by its name: where a worker reads its answer.</summary>
    public IReadOnlyDictionary<string, BudgetLease> Leases { get; init; } = new Dictionary<string, BudgetLease>(StringComparer.Ordinal);

    /// <summary>All that can't be given to anyone: settled, and held by whomever.</summary>
    public BudgetAmount Taken() => Leases.Values.Aggregate(Settled, (sum, lease) => sum + lease.Held);

    /// <summary>What is spent: settled, and what is held by those who have not been heard of for the time of a lease, and so may have spent it.</summary>
    /// <param name="now">The time.</param>
    public BudgetAmount Spent(DateTimeOffset now) => Leases.Values.Where(lease => !lease.IsLive(now)).Aggregate(Settled, (sum, lease) => sum + lease.Held);

    /// <summary>What is reserved by workers that live.</summary>
    /// <param name="now">The time.</param>
    public BudgetAmount Reserved(DateTimeOffset now) => Taken() - Spent(now);
}

/// <summary>A slice of a budget, as its holder last told, and what the holder was last given.</summary>
/// <param name="Number">Which of the holder's requests was answered last.</param>
/// <param name="SeenAt">When.</param>
/// <param name="Used">What the holder has spent in all.</param>
/// <param name="Held">What it may still spend.</param>
/// <param name="Kept">How much of that it had before the last answer.</param>
/// <param name="EndsIn">How long the slice could be used, counted from that answer: the rest of the period. Null: without end.</param>
public sealed record BudgetLease(long Number, DateTimeOffset SeenAt, BudgetAmount Used, BudgetAmount Held, BudgetAmount Kept, TimeSpan? EndsIn)
{
    /// <summary>A holder that has not been heard of for this long is taken for lost: 5 minutes.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>Whether the holder has been heard of lately.</summary>
    /// <param name="now">The time.</param>
    public bool IsLive(DateTimeOffset now) => now - SeenAt < Life;
}
