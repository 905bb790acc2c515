using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Caching;

/// <summary>Saves repeated work. A failure of the cache itself is never a caller's: it counts as a miss and is told to the log.</summary>
public interface ICallCache
{
    /// <summary>A kept answer to this request, or else the work's. The same work under way in this worker is waited for and not done twice; a caller that cancels ends it only where nobody else waits.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="request">What is asked.</param>
    /// <param name="json">How the answer is written and read.</param>
    /// <param name="make">Does the work. What it throws goes to the callers and is not kept, unless the host has failures remembered.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="CacheMissException">The mode is <see cref="CacheMode.Only"/>, and there is no answer.</exception>
    /// <exception cref="Durable.PermanentFailureException">The settings can't work, or the work failed so a short while ago.</exception>
    Task<CacheResult<T>> GetOrMakeAsync<T>(CacheRequest request, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken);

    /// <summary>The kept answers to many requests of one type, in their order; null where there is none. For work that is done in batches.</summary>
    /// <typeparam name="T">The answers' type.</typeparam>
    /// <param name="requests">What is asked.</param>
    /// <param name="json">How an answer is read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<CacheResult<T>?>> FindManyAsync<T>(IReadOnlyList<CacheRequest> requests, JsonTypeInfo<T> json, CancellationToken cancellationToken);

    /// <summary>Keeps answers that were made outside. One whose request was invalidated after <paramref name="began"/> is not kept.</summary>
    /// <typeparam name="T">The answers' type.</typeparam>
    /// <param name="answers">The requests with their answers.</param>
    /// <param name="json">How an answer is written.</param>
    /// <param name="began">What <see cref="BeginAsync"/> gave before the work began.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task KeepManyAsync<T>(IReadOnlyList<(CacheRequest Request, CacheFill<T> Fill)> answers, JsonTypeInfo<T> json, CacheMoment began, CancellationToken cancellationToken);

    /// <summary>Marks the moment before work begins, so that what is invalidated while it runs is not kept afterwards.</summary>
    /// <param name="requests">What the work is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CacheMoment> BeginAsync(IReadOnlyList<CacheRequest> requests, CancellationToken cancellationToken);
}

/// <summary>A moment in a cache's own order of invalidations. Only the cache that made it reads it.</summary>
public abstract class CacheMoment;
