using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Caching;

/// <summary>No cache: all work is done each time it is asked for. For hosts and tests that have none.</summary>
public sealed class NoCache : ICallCache
{
    private NoCache()
    {
    }

    /// <summary>The one there is.</summary>
    public static NoCache Instance { get; } = new();

    /// <inheritdoc/>
    public async Task<CacheResult<T>> GetOrMakeAsync<T>(CacheRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(make);
        if (request.Settings.Mode == CacheMode.Only) throw new CacheMissException($"The answer of '{request.Maker}' was to come from the cache, and this host has none. Ask with another mode.");
        return new((await make(cancellationToken)).Value, Note: null);
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
    public Task<CacheMoment> BeginAsync(IReadOnlyList<CacheRequest> requests, CancellationToken cancellationToken) => Task.FromResult<CacheMoment>(Never.Instance);

    private sealed class Never : CacheMoment
    {
        public static Never Instance { get; } = new();
    }
}
