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
    /// <returns>True when the rest is to be given up: the quorum is reached, or a critical branch has failed.</returns>
    public bool Add(string key, BranchStatus status)
    {
        done++;
        if (status is BranchStatus.Succeeded or BranchStatus.Cached) return ++succeeded >= needed;
        return status is BranchStatus.Failed or BranchStatus.TimedOut && critical.Contains(key);
    }
}
