using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>How a fan-out runs.</summary>
public sealed record FanOutOptions
{
    /// <summary>How many branches run at once, 1 to 10,000; split fan-outs share it among their slices. Default: 50.</summary>
    public int MaxParallel { get; init; } = 50;

    /// <summary>How long a branch may take, all its attempts and the waits between them included; above 0, up to 7 days. Default: no limit.</summary>
    public TimeSpan? BranchTimeout { get; init; }

    /// <summary>How many branches must succeed before the rest is given up. Default: all.</summary>
    public Quorum Quorum { get; init; }

    /// <summary>Keys of branches without which the rest is of no use: when one of them fails, times out or is skipped as broken, the rest is given up at once. Default: none.</summary>
    public IReadOnlyList<string> Critical { get; init; } = [];

    /// <summary>When a branch is tried again; branches that have ended are never touched. Default: 3 attempts.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>
    /// Whether a branch that an open circuit refuses is skipped at once, with the reason, rather than tried again when the circuit may have closed. A critical one then counts as failed.
    /// Default: false, it waits.
    /// </summary>
    public bool SkipBroken { get; init; }

    /// <summary>How many attempts may start a minute, over all runs of the tenant that use the same name. A branch that waits for its start has not begun: its timeout does not run yet. Default: no limit.</summary>
    public CallRate? Rate { get; init; }

    /// <summary>The largest number of branches that one run holds, 2 to 10,000: fan-outs over an activity with more are split into sub-orchestrations. Default: 200.</summary>
    public int ChildFanOut { get; init; } = 200;

    /// <summary>What is wrong with the settings for these branches, or null where nothing is.</summary>
    internal string? Fault(IReadOnlyCollection<string> keys) =>
        MaxParallel is < 1 or > 10_000 ? $"{nameof(MaxParallel)} is {MaxParallel}. It must be 1 to 10,000."
        : BranchTimeout <= TimeSpan.Zero || BranchTimeout > TimeSpan.FromDays(7) ? $"{nameof(BranchTimeout)} is {BranchTimeout}. It must be above 0 and at most 7 days."
        : ChildFanOut is < 2 or > 10_000 ? $"{nameof(ChildFanOut)} is {ChildFanOut}. It must be 2 to 10,000."
        : keys.Count > 0 && !Quorum.Fits(keys.Count) ? $"{nameof(Quorum)} is {Quorum} of {keys.Count} branches. It must be all, a number from 1 to {keys.Count}, or a fraction above 0 and up to 1."
        : Retry.Fault() is { } fault ? $"{nameof(Retry)}.{fault}"
        : Rate?.Fault() is { } wrong ? $"{nameof(Rate)}.{wrong}"
        : KeyFault(keys);

    private string? KeyFault(IReadOnlyCollection<string> keys)
    {
        var known = new HashSet<string>(keys.Count, StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (!known.Add(key)) return $"Two branches have the key '{key}'. Give each a key of its own.";
        }

        return Critical.FirstOrDefault(key => !known.Contains(key)) is { } stranger ? $"{nameof(Critical)} names '{stranger}', but no branch has this key. Use the key of a branch." : null;
    }
}
