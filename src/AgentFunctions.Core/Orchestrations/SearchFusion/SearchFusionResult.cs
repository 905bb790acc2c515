using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>What was found.</summary>
public sealed record SearchFusionResult
{
    /// <summary>Whether every source answered every query.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whether so many sources answered as the quorum wants, where one was asked for.</summary>
    public bool? QuorumReached { get; init; }

    /// <summary>What was searched for: the query, then its sub-queries.</summary>
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>Whether a model split the query, where that was asked for.</summary>
    public bool? Decomposed { get; init; }

    /// <summary>Whether a model ordered the hits, where that was asked for.</summary>
    public bool? Reranked { get; init; }

    /// <summary>The hits, best first.</summary>
    public required IReadOnlyList<FusedHit> Hits { get; init; }

    /// <summary>How each source did, in the order of the input.</summary>
    public required IReadOnlyList<SourceOutcome> Sources { get; init; }

    /// <summary>What must not be overlooked: why a query was not split or hits were not ordered, and remarks of models. None where there is nothing.</summary>
    public IReadOnlyList<string>? Notices { get; init; }

    /// <summary>What it cost together, where that is known.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>A hit of the fused order.</summary>
public sealed record FusedHit
{
    /// <summary>What it is known by.</summary>
    public required string Id { get; init; }

    /// <summary>Its title, from the source that ranks it best.</summary>
    public string? Title { get; init; }

    /// <summary>The part of its text that fits, from the source that ranks it best.</summary>
    public string? Snippet { get; init; }

    /// <summary>Its score by Reciprocal Rank Fusion; also where a model has put the hits into another order.</summary>
    public required double Score { get; init; }

    /// <summary>Its place in each source and query that found it.</summary>
    public required IReadOnlyList<SourceRank> Ranks { get; init; }
}

/// <summary>A hit's place in one source.</summary>
public sealed record SourceRank
{
    /// <summary>The source's key.</summary>
    public required string Source { get; init; }

    /// <summary>The place, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>Which of the queries found it, from 0; left out where there is but one.</summary>
    public int? Query { get; init; }
}

/// <summary>How a source did.</summary>
public sealed record SourceOutcome
{
    /// <summary>The source's key.</summary>
    public required string Key { get; init; }

    /// <summary>How it ended: Succeeded where it answered at least one query, TimedOut, Failed, Skipped where it is known to be broken (the error says since when and until when), or Cancelled where it was running when the quorum was reached.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>How many of the queries it answered.</summary>
    public required int Answered { get; init; }

    /// <summary>How many hits it gave, over all queries.</summary>
    public required int Hits { get; init; }

    /// <summary>How it failed, where a search of it did: the first one.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>How long it took, all attempts included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it cost, where that is known.</summary>
    public Cost? Cost { get; init; }
}
