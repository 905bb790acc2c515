using System.Diagnostics.Metrics;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching.Statistics;

/// <summary>Counts what a worker's cache does, for its report and as metrics. Thread-safe.</summary>
internal sealed class CacheStatistics : IDisposable
{
    private readonly Tally[] tallies = [.. Enum.GetValues<CacheKind>().Select(_ => new Tally())];
    private readonly Meter meter = new(CacheMetricNames.Meter);
    private readonly Counter<long> hits;
    private readonly Counter<long> misses;
    private readonly Counter<long> kept;
    private readonly Counter<long> invalidated;
    private readonly Counter<long> corrupted;
    private readonly Counter<long> falseHits;
    private readonly Counter<long> savedTokens;
    private readonly Counter<double> savedUsd;

    /// <summary>Counts, and measures what these give.</summary>
    public CacheStatistics(Func<long> entries, Func<long> bytes, Func<bool> storeUp)
    {
        hits = meter.CreateCounter<long>(CacheMetricNames.Hits, "{call}", "Answers from the cache.");
        misses = meter.CreateCounter<long>(CacheMetricNames.Misses, "{call}", "Calls whose work had to be done.");
        kept = meter.CreateCounter<long>(CacheMetricNames.Kept, "{entry}", "Answers that were kept.");
        invalidated = meter.CreateCounter<long>(CacheMetricNames.Invalidated, "{entry}", "Entries that were found and had been invalidated.");
        corrupted = meter.CreateCounter<long>(CacheMetricNames.Corrupted, "{entry}", "Entries that could not be read and were dropped.");
        falseHits = meter.CreateCounter<long>(CacheMetricNames.FalseHits, "{call}", "Answers from the cache that people called wrong.");
        savedTokens = meter.CreateCounter<long>(CacheMetricNames.SavedTokens, "{token}", "Tokens that hits did not cost.");
        savedUsd = meter.CreateCounter<double>(CacheMetricNames.SavedUsd, "{USD}", "US dollars that hits did not cost.");
        meter.CreateObservableGauge(CacheMetricNames.Entries, entries, "{entry}", "Entries in memory.");
        meter.CreateObservableGauge(CacheMetricNames.Bytes, bytes, "By", "Bytes that the entries in memory take.");
        meter.CreateObservableGauge(CacheMetricNames.StoreUp, () => storeUp() ? 1 : 0, description: "1 while the store answers, else 0.");
    }

    /// <summary>The counts of each kind.</summary>
    public IReadOnlyDictionary<CacheKind, CacheCounts> Counts => Enum.GetValues<CacheKind>().ToDictionary(kind => kind, kind => Of(kind).Read());

    /// <summary>Counts an answer from the cache.</summary>
    public void Hit(CacheKind kind, CacheSource source, Cost? saved)
    {
        var counts = Of(kind);
        Interlocked.Increment(ref counts.Hits[(int)source]);
        hits.Add(1, Tag(kind), new(CacheMetricNames.Source, source switch
        {
            CacheSource.Memory => "memory",
            CacheSource.Store => "store",
            CacheSource.Stale => "stale",
            CacheSource.Coalesced => "coalesced",
            _ => "semantic",
        }));
        if (saved is null) return;
        lock (counts.Gate) counts.Saved += saved;
        savedTokens.Add(saved.InputTokens, Tag(kind), new(CacheMetricNames.Direction, "input"));
        savedTokens.Add(saved.OutputTokens, Tag(kind), new(CacheMetricNames.Direction, "output"));
        savedUsd.Add((double)saved.Usd, Tag(kind));
    }

    /// <summary>Counts a failure that was remembered.</summary>
    public void NegativeHit(CacheKind kind)
    {
        Interlocked.Increment(ref Of(kind).Negative);
        hits.Add(1, Tag(kind), new(CacheMetricNames.Source, "negative"));
    }

    /// <summary>Counts work that had to be done.</summary>
    public void Miss(CacheKind kind) => Count(misses, kind, ref Of(kind).Misses);

    /// <summary>Counts an answer that was kept.</summary>
    public void Keep(CacheKind kind) => Count(kept, kind, ref Of(kind).Kept);

    /// <summary>Counts an entry that had been invalidated.</summary>
    public void Invalidated(CacheKind kind) => Count(invalidated, kind, ref Of(kind).Invalidated);

    /// <summary>Counts an entry that could not be read.</summary>
    public void Corrupted(CacheKind kind) => Count(corrupted, kind, ref Of(kind).Corrupted);

    /// <summary>Counts an answer that a person called wrong.</summary>
    public void FalseHit(CacheKind kind) => Count(falseHits, kind, ref Of(kind).FalseHits);

    /// <summary>Ends the meter.</summary>
    public void Dispose() => meter.Dispose();

    private static KeyValuePair<string, object?> Tag(CacheKind kind) => new(CacheMetricNames.Kind, CacheKey.KindName(kind));

    private static void Count(Counter<long> counter, CacheKind kind, ref long count)
    {
        Interlocked.Increment(ref count);
        counter.Add(1, Tag(kind));
    }

    private Tally Of(CacheKind kind) => tallies[(int)kind];

    /// <summary>The counts of a kind as they grow.</summary>
    private sealed class Tally
    {
        public readonly long[] Hits = new long[Enum.GetValues<CacheSource>().Length];
        public readonly Lock Gate = new();
        public long Negative;
        public long Misses;
        public long Kept;
        public long Invalidated;
        public long Corrupted;
        public long FalseHits;
        public Cost Saved = Cost.None;

        public CacheCounts Read()
        {
            Cost saved;
            lock (Gate) saved = Saved;
            return new CacheCounts
            {
                MemoryHits = Of(CacheSource.Memory),
                StoreHits = Of(CacheSource.Store),
                Stale = Of(CacheSource.Stale),
                Coalesced = Of(CacheSource.Coalesced),
                SemanticHits = Of(CacheSource.Semantic),
                NegativeHits = Interlocked.Read(ref Negative),
                Misses = Interlocked.Read(ref Misses),
                Kept = Interlocked.Read(ref Kept),
                Invalidated = Interlocked.Read(ref Invalidated),
                Corrupted = Interlocked.Read(ref Corrupted),
                FalseHits = Interlocked.Read(ref FalseHits),
                Saved = saved,
            };
        }

        private long Of(CacheSource source) => Interlocked.Read(ref Hits[(int)source]);
    }
}
