using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Caching;

/// <summary>Keeps nothing: every call's work is done.</summary>
/// <param name="time">The clock.</param>
public sealed class NoCache(TimeProvider time) : ICallCache, ICacheControl
{
    private readonly DateTimeOffset since = time.GetUtcNow();

    /// <summary>One by the system's clock, for callers that were given no cache.</summary>
    public static NoCache Instance { get; } = new(TimeProvider.System);

    /// <inheritdoc/>
    public async Task<CacheResult<T>> GetOrMakeAsync<T>(CacheRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(make);
        CacheRules.Check(request);
        if (request.Settings.Mode == CacheMode.Only) throw new CacheMissException($"There is no cache (Cache:Enabled is false), and the call to '{request.Maker}' asked for a cached answer or none (cache mode Only).");
        return new CacheResult<T>((await make(cancellationToken)).Value, null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CacheResult<T>?>> FindManyAsync<T>(IReadOnlyList<CacheRequest> requests, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return Task.FromResult<IReadOnlyList<CacheResult<T>?>>(new CacheResult<T>?[requests.Count]);
    }

    /// <inheritdoc/>
    public Task KeepManyAsync<T>(IReadOnlyList<(CacheRequest Request, CacheFill<T> Fill)> answers, JsonTypeInfo<T> json, CacheMoment began, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<CacheMoment> BeginAsync(IReadOnlyList<CacheRequest> requests, CancellationToken cancellationToken) => Task.FromResult<CacheMoment>(new NoMoment());

    /// <inheritdoc/>
    public Task InvalidateAsync(CacheInvalidation what, CancellationToken cancellationToken)
    {
        CacheSteering.Refuse(CacheSteering.Errors(what));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public CacheReport Report() => new()
    {
        Worker = $"{Environment.MachineName}:{Environment.ProcessId}",
        Since = since,
        Entries = 0,
        Bytes = 0,
        MostBytes = 0,
        StoreUp = false,
        Kinds = Enum.GetValues<CacheKind>().ToDictionary(kind => kind, _ => new CacheCounts()),
        Thresholds = new Dictionary<string, double>(StringComparer.Ordinal),
    };

    /// <inheritdoc/>
    public Task<CacheFeedbackReceipt> FeedbackAsync(CacheFeedback feedback, CancellationToken cancellationToken)
    {
        CacheSteering.Refuse(CacheSteering.Errors(feedback));
        return Task.FromResult(new CacheFeedbackReceipt(1, Invalidated: false));
    }

    private sealed class NoMoment : CacheMoment;
}
