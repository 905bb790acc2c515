using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>Who won, with what, and what the race cost.</summary>
public sealed record SpeculativeRaceResult
{
    /// <summary>The winning path's key.</summary>
    public required string Winner { get; init; }

    /// <summary>Its answer.</summary>
    public required string Answer { get; init; }

    /// <summary>The model that answered, by its own name.</summary>
    public required string Model { get; init; }

    /// <summary>How each path fared, in the order of the input.</summary>
    public required IReadOnlyList<RacePathOutcome> Paths { get; init; }

    /// <summary>Where the answer came from; none where the model was asked.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>What all paths cost together.</summary>
    public required Cost Cost { get; init; }

    /// <summary>What the paths that did not win cost together. Estimated where a path was cancelled: what the provider charges for it is not known.</summary>
    public required Cost Wasted { get; init; }

    /// <summary>A remark of the model that must not be overlooked, such as that the offline model answered.</summary>
    public string? Notice { get; init; }
}

/// <summary>How one path fared.</summary>
public sealed record RacePathOutcome
{
    /// <summary>The path's key.</summary>
    public required string Key { get; init; }

    /// <summary>Succeeded, or Cached where its answer came from the cache: it won. Failed: it failed or its answer was not valid. Cancelled: it was running when another won. Skipped: it never started, or asked only the cache, which had no answer.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>When it started, counted from the run's start. None where it never started.</summary>
    public TimeSpan? Started { get; init; }

    /// <summary>How long it ran.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it cost. For a cancelled path only the input is counted, estimated at four characters a token and without a price. None where it is not known.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where its answer came from; none where the model was asked.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>How it failed, or why its answer was not valid.</summary>
    public FailureDetails? Error { get; init; }
}
