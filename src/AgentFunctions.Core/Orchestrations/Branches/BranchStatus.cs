namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>How a branch of a fan-out or a path of a race ended.</summary>
public enum BranchStatus
{
    /// <summary>It gave a value.</summary>
    Succeeded,

    /// <summary>It gave a value from a cache, without doing the work again. Counts as a success.</summary>
    Cached,

    /// <summary>It failed, after all its attempts.</summary>
    Failed,

    /// <summary>It did not end within the branch timeout.</summary>
    TimedOut,

    /// <summary>It was running when its result was no longer needed.</summary>
    Cancelled,

    /// <summary>It never started, because its result was no longer needed; or, where it has an error, what it would have called is known to be broken, and the error says what and until when.</summary>
    Skipped,
}
