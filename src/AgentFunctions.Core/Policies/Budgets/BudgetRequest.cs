namespace AgentFunctions.Core.Policies.Budgets;

/// <summary>What the holder of a slice tells and asks in one operation. All that it tells is a sum since it began, so that a request that is lost is made good by the next.</summary>
public sealed record BudgetRequest
{
    /// <summary>The holder's name, 1 to 200 characters: a worker's, and which of its slices; never used twice.</summary>
    public required string Holder { get; init; }

    /// <summary>The number of this request, above those before: one that comes twice or late changes nothing.</summary>
    public required long Number { get; init; }

    /// <summary>Whether an earlier request has been answered. Default: false.</summary>
    public bool Known { get; init; }

    /// <summary>The budget's limit, as the worker's settings or the run's start say. Default: none.</summary>
    public BudgetLimit? Limit { get; init; }

    /// <summary>How long the budget lasts.</summary>
    public required BudgetPeriod Period { get; init; }

    /// <summary>What the holder has spent in all.</summary>
    public BudgetAmount Used { get; init; }

    /// <summary>How much of what it was given it still holds, for calls that run and calls to come. The rest it gives back.</summary>
    public BudgetAmount Keep { get; init; }

    /// <summary>The least that is of use to it. Default: nothing is asked for.</summary>
    public BudgetAmount? Least { get; init; }

    /// <summary>What it would like, at least <see cref="Least"/>.</summary>
    public BudgetAmount Want { get; init; }
}
