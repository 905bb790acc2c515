namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>Counts a fan-out's outcomes and says when the rest is no longer needed.</summary>
internal sealed class FanOutTally(int total, FanOutOptions options)
{
    private readonly HashSet<string> critical = new(options.Critical, StringComparer.Ordinal);
    private readonly int needed = total == 0 ? 0 : options.Quorum.Needed(total);
    private int done;
    private int succeeded;

    public FanOutProgress Progress => new(done, succeeded, total);

    /// <summary>How many more must succeed.</summary>
    public int Wanting => Math.Max(0, needed - succeeded);

    /// <summary>Counts an outcome.</summary>
    /// <returns>True when the rest is to be given up: the quorum is reached, or a critical branch has failed or is broken.</returns>
    public bool Add<T>(Branch<T> branch)
    {
        done++;
        if (branch.IsSuccess) return ++succeeded >= needed;
        return (branch.Status is BranchStatus.Failed or BranchStatus.TimedOut || branch.IsBroken) && critical.Contains(branch.Key);
    }
}
