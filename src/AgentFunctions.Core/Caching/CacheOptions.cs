using AgentFunctions.Core.Caching.Semantics;

namespace AgentFunctions.Core.Caching;

/// <summary>What the cache keeps, and for how long. Checked when the host starts.</summary>
public sealed class CacheOptions
{
    /// <summary>The settings' section: <c>Cache</c>.</summary>
    public const string Section = "Cache";

    /// <summary>Whether anything is kept. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many bytes of memory this worker's entries take; above that those used longest ago go. Default: 67,108,864 (64 MiB). Range: 1 MiB to 64 GiB.</summary>
    public long MemoryBytes { get; set; } = 64L << 20;

    /// <summary>The largest answer that is kept, in bytes of JSON. Default: 4,194,304 (4 MiB). Range: 1 KiB to 64 MiB.</summary>
    public int MostValueBytes { get; set; } = 4 << 20;

    /// <summary>For how long a worker goes by its copy of what has been invalidated; an invalidation waits as long before it returns. Default: 1 s. Range: 100 ms to 60 s.</summary>
    public TimeSpan InvalidationLease { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a call waits for the store before it goes on without it. Default: 500 ms. Range: 10 ms to 60 s.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Lifetimes of models' answers. Default: 5 minutes.</summary>
    public CacheKindOptions Response { get; set; } = new() { Ttl = TimeSpan.FromMinutes(5) };

    /// <summary>Lifetimes of tools' outputs. Default: 1 hour.</summary>
    public CacheKindOptions Tool { get; set; } = new() { Ttl = TimeSpan.FromHours(1) };

    /// <summary>Lifetimes of vectors. Default: 30 days.</summary>
    public CacheKindOptions Embedding { get; set; } = new() { Ttl = TimeSpan.FromDays(30) };

    /// <summary>Lifetimes of steps on the way to an answer. Default: 15 minutes.</summary>
    public CacheKindOptions Reasoning { get; set; } = new() { Ttl = TimeSpan.FromMinutes(15) };

    /// <summary>Whether and how answers to other questions with the same meaning are used.</summary>
    public SemanticOptions Semantic { get; set; } = new();

    /// <summary>The lifetimes of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public CacheKindOptions Of(CacheKind kind) => kind switch
    {
        CacheKind.Response => Response,
        CacheKind.Tool => Tool,
        CacheKind.Embedding => Embedding,
        CacheKind.Reasoning => Reasoning,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };
}

/// <summary>How long entries of a kind are used.</summary>
public sealed class CacheKindOptions
{
    /// <summary>How long an answer is used. Default: that of its kind. Range: 1 s to 365 days.</summary>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after that it is still served, while it is made anew in the background (RFC 5861, stale-while-revalidate). Default: 0, not at all. Range: 0 to 30 days.</summary>
    public TimeSpan StaleFor { get; set; }

    /// <summary>How long a failure that can't be helped (<see cref="Durable.PermanentFailureException"/>) is remembered (RFC 2308 does so for names). Default: 0, not at all. Range: 0 to 1 hour.</summary>
    public TimeSpan NegativeFor { get; set; }
}
