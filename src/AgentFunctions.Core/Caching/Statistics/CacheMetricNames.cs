namespace AgentFunctions.Core.Caching.Statistics;

/// <summary>What is measured of the cache, and under which names.</summary>
public static class CacheMetricNames
{
    /// <summary>The meter.</summary>
    public const string Meter = "AgentFunctions.Cache";

    /// <summary>Answers from the cache, by <see cref="Kind"/> and <see cref="Source"/>.</summary>
    public const string Hits = "agentfunctions.cache.hits";

    /// <summary>Calls whose work had to be done, by <see cref="Kind"/>.</summary>
    public const string Misses = "agentfunctions.cache.misses";

    /// <summary>Answers that were kept, by <see cref="Kind"/>.</summary>
    public const string Kept = "agentfunctions.cache.kept";

    /// <summary>Entries that were found and had been invalidated, by <see cref="Kind"/>.</summary>
    public const string Invalidated = "agentfunctions.cache.invalidated";

    /// <summary>Entries that could not be read and were dropped, by <see cref="Kind"/>.</summary>
    public const string Corrupted = "agentfunctions.cache.corrupted";

    /// <summary>Answers from the cache that people called wrong, by <see cref="Kind"/>.</summary>
    public const string FalseHits = "agentfunctions.cache.false_hits";

    /// <summary>Tokens that hits did not cost, by <see cref="Kind"/> and <see cref="Direction"/>.</summary>
    public const string SavedTokens = "agentfunctions.cache.saved_tokens";

    /// <summary>US dollars that hits did not cost, by <see cref="Kind"/>.</summary>
    public const string SavedUsd = "agentfunctions.cache.saved_usd";

    /// <summary>Entries in memory.</summary>
    public const string Entries = "agentfunctions.cache.entries";

    /// <summary>Bytes that they take.</summary>
    public const string Bytes = "agentfunctions.cache.bytes";

    /// <summary>1 while the store answers, else 0.</summary>
    public const string StoreUp = "agentfunctions.cache.store_up";

    /// <summary>The tag that names the kind: <c>response</c>, <c>tool</c>, <c>embedding</c>, <c>reasoning</c>.</summary>
    public const string Kind = "kind";

    /// <summary>The tag that names the source: <c>memory</c>, <c>store</c>, <c>stale</c>, <c>coalesced</c>, <c>semantic</c>, <c>negative</c>.</summary>
    public const string Source = "source";

    /// <summary>The tag that names the direction: <c>input</c> or <c>output</c>.</summary>
    public const string Direction = "direction";
}
