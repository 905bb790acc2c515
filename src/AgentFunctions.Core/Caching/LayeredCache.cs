using System.Text;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Caching.Flights;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Caching.Questions;
using AgentFunctions.Core.Caching.Statistics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Caching;

/// <summary>
/// The cache in levels: this worker's memory, the store that all workers share, the same work under way, answers to questions with the same meaning, and then the
/// work itself. An entry is served within its lifetime, and only where none of what it hangs on has been invalidated since before its work began. Thread-safe.
/// </summary>
public sealed partial class LayeredCache : ICallCache, ICacheControl, IDisposable
{
    private readonly CacheOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ISemanticMatcher? matcher;
    private readonly MemoryLevel memory;
    private readonly StoreGate gate;
    private readonly StoreLevel store;
    private readonly Generations generations;
    private readonly TenantFeedback? learned;
    private readonly FlightTable flights;
    private readonly CacheStatistics statistics;
    private readonly CancellationTokenSource stopping = new();
    private readonly DateTimeOffset since;
    private readonly string worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>A cache over a store.</summary>
    /// <param name="options">What is kept; valid ones.</param>
    /// <param name="values">The store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of what goes wrong.</param>
    /// <param name="matcher">Finds questions with the same meaning. Default: none, only the same input will do.</param>
    public LayeredCache(CacheOptions options, IKeyValueStore values, TimeProvider time, ILogger<LayeredCache> logger, ISemanticMatcher? matcher = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(time);
        (this.options, this.time, this.logger, this.matcher) = (options, time, logger, matcher);
        since = time.GetUtcNow();
        memory = new MemoryLevel(options.MemoryBytes);
        gate = new StoreGate(options.StoreTimeout, time, logger);
        statistics = new CacheStatistics(() => memory.Count, () => memory.Bytes, () => gate.IsUp);
        store = new StoreLevel(values, gate, new StoreClock(values, gate, time), time, Damaged);
        generations = new Generations(values, gate, options.InvalidationLease, time, place => LogDamaged(place.Partition.Tenant, place.Partition.Kind, place.Key));
        learned = matcher is null ? null : new TenantFeedback(matcher, values, gate, time, logger);
        flights = new FlightTable(time);
    }

    /// <inheritdoc/>
    public async Task<CacheResult<T>> GetOrMakeAsync<T>(CacheRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(make);
        CacheRules.Check(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Settings.Mode == CacheMode.Off) return new CacheResult<T>((await make(cancellationToken)).Value, null);
        var call = CallOf(request);
        switch (request.Settings.Mode)
        {
            case CacheMode.Only:
                return await FindAnyAsync(call, json, cancellationToken) is { } answer
                    ? Serve(answer, saved: true)
                    : throw new CacheMissException($"The cache has no answer of '{request.Maker}' to this request, and the call asked for a cached one or none (cache mode Only).");
            case CacheMode.Use when await FindAsync(call, call.Key, json, andInStore: false, cancellationToken) is { } found:
                return Serve(call, found, json, make);
            default:
                return await FlyAsync(call, json, make, cancellationToken);
        }
    }

    /// <summary>Ends the metrics, and the work that is done in the background.</summary>
    public void Dispose()
    {
        // A container that gives it out under several types disposes it as often.
        if (stopping.IsCancellationRequested) return;
        stopping.Cancel();
        statistics.Dispose();
        stopping.Dispose();
    }

    /// <summary>Ends when all work that is under way has ended.</summary>
    internal Task SettleAsync() => flights.SettleAsync();

    private CacheCall CallOf(CacheRequest request)
    {
        var semantic = matcher is not null
            && request is { Kind: CacheKind.Response, Question: { Text: { } text, Scope: not null } }
            && (request.Settings.Semantic ?? options.Semantic.Enabled)
            && text.Length <= options.Semantic.LongestQuestion && !string.IsNullOrWhiteSpace(text);
        return new CacheCall(request, generations, semantic);
    }

    /// <summary>Serves what was found, and has what is past its time made anew.</summary>
    private CacheResult<T> Serve<T>(CacheCall call, Found<T> found, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make)
    {
        if (found.Entry.Negative)
        {
            statistics.NegativeHit(found.Entry.Kind);
            throw Remembered(found.Entry, found.Age);
        }

        // The call for which it is made anew saves nothing.
        return Serve(found, saved: !found.IsStale || !Revalidate(call, json, make));
    }

    private CacheResult<T> Serve<T>(Found<T> found, bool saved)
    {
        var source = found.IsStale ? CacheSource.Stale : found.Source;
        var cost = saved ? found.Entry.Cost : null;
        statistics.Hit(found.Entry.Kind, source, cost);
        return new CacheResult<T>(found.Value, new CacheNote { Source = source, Key = found.Key.ToString(), Age = found.Age, Saved = cost, Question = found.Question, Score = found.Score });
    }

    private static PermanentFailureException Remembered(Entry entry, TimeSpan age)
    {
        var failure = new PermanentFailureException($"{Encoding.UTF8.GetString(entry.Value.Span)} (This failure is remembered: the work failed so {age.TotalSeconds:0.###} s ago, and is not tried again for {entry.Ttl.TotalSeconds:0.###} s, as Cache:{entry.Kind}:NegativeFor says. To try now, use the cache mode Refresh.)");
        failure.Data[RememberedMark] = true;
        return failure;
    }

    private void Damaged(CacheKind kind)
    {
        statistics.Corrupted(kind);
        LogCorrupted(kind);
    }
}
