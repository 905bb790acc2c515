using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching;

/// <summary>What one worker's cache has done since it started.</summary>
public sealed record CacheReport
{
    /// <summary>The worker that tells; each counts for itself.</summary>
    public required string Worker { get; init; }

    /// <summary>Since when it counts.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How many entries are in its memory.</summary>
    public required long Entries { get; init; }

    /// <summary>How many bytes they take.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many bytes they may take.</summary>
    public required long MostBytes { get; init; }

    /// <summary>Whether the store answers; while it does not, all that is not in memory is a miss.</summary>
    public required bool StoreUp { get; init; }

    /// <summary>The counts of each kind.</summary>
    public required IReadOnlyDictionary<CacheKind, CacheCounts> Kinds { get; init; }

    /// <summary>The thresholds that tenants' feedback has taught, by tenant; those without feedback have the host's.</summary>
    public required IReadOnlyDictionary<string, double> Thresholds { get; init; }
}

/// <summary>The counts of one kind.</summary>
public sealed record CacheCounts
{
    /// <summary>Answers from memory.</summary>
    public long MemoryHits { get; init; }

    /// <summary>Answers from the store.</summary>
    public long StoreHits { get; init; }

    /// <summary>Answers past their time, served while they were made anew.</summary>
    public long Stale { get; init; }

    /// <summary>Calls that waited for the same work of another.</summary>
    public long Coalesced { get; init; }

    /// <summary>Answers to another question with the same meaning.</summary>
    public long SemanticHits { get; init; }

    /// <summary>Failures that were remembered.</summary>
    public long NegativeHits { get; init; }

    /// <summary>Calls whose work had to be done.</summary>
    public long Misses { get; init; }

    /// <summary>Answers that were kept.</summary>
    public long Kept { get; init; }

    /// <summary>Entries that were found, but had been invalidated.</summary>
    public long Invalidated { get; init; }

    /// <summary>Entries that could not be read, and were dropped.</summary>
    public long Corrupted { get; init; }

    /// <summary>Answers from the cache that people called wrong.</summary>
    public long FalseHits { get; init; }

    /// <summary>What all hits did not cost.</summary>
    public Cost Saved { get; init; } = Cost.None;
}
