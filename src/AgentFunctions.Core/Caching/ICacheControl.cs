namespace AgentFunctions.Core.Caching;

/// <summary>What people and events do with a cache.</summary>
public interface ICacheControl
{
    /// <summary>
    /// Invalidates entries. When this has returned, none of them is served by any worker: it waits until no worker can hold an older word
    /// (<c>Cache:InvalidationLease</c>, 1 s unless set; not at all where one process alone has the store).
    /// </summary>
    /// <param name="what">Which entries.</param>
    /// <param name="cancellationToken">Ends the wait; the invalidation may hold or not.</param>
    /// <exception cref="Durable.PermanentFailureException">What is asked for does not fit.</exception>
    /// <exception cref="CacheUnavailableException">The store did not take it: nothing is promised, so try again.</exception>
    Task InvalidateAsync(CacheInvalidation what, CancellationToken cancellationToken);

    /// <summary>What this worker's cache has done since it started, by kind.</summary>
    CacheReport Report();

    /// <summary>Takes a person's word on an answer that came from the cache: the tenant's threshold learns from it, and a wrong pair is never matched again.</summary>
    /// <param name="feedback">The word.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Durable.PermanentFailureException">It does not fit.</exception>
    /// <exception cref="CacheUnavailableException">The store did not take it: try again.</exception>
    Task<CacheFeedbackReceipt> FeedbackAsync(CacheFeedback feedback, CancellationToken cancellationToken);
}

/// <summary>Which entries are invalidated: those for which all that is set holds; nothing set means all of them. With <see cref="Key"/> the tenant is needed and nothing else is allowed; a tag and a kind can't be combined.</summary>
public sealed record CacheInvalidation
{
    /// <summary>Whose. Default: every tenant's. With one, shared entries of that tag, kind or key are invalidated too.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of which kind. Default: every kind.</summary>
    public CacheKind? Kind { get; init; }

    /// <summary>With which tag. Default: with any or none.</summary>
    public string? Tag { get; init; }

    /// <summary>A single entry: the key that a <see cref="CacheNote"/> told, 64 hexadecimal digits. Default: none.</summary>
    public string? Key { get; init; }
}

/// <summary>A person's word on an answer from the cache.</summary>
public sealed record CacheFeedback
{
    /// <summary>Whose it was. Default: <see cref="Durable.Tenants.Default"/>.</summary>
    public string Tenant { get; init; } = Durable.Tenants.Default;

    /// <summary>The entry's key, as the note told it.</summary>
    public required string Key { get; init; }

    /// <summary>The question that was asked.</summary>
    public required string Question { get; init; }

    /// <summary>The question that the answer was made for, as the note told it. Default: the same.</summary>
    public string? Matched { get; init; }

    /// <summary>Whether the answer was right.</summary>
    public required bool Right { get; init; }
}

/// <summary>What became of a word.</summary>
/// <param name="Threshold">The tenant's threshold from now on, 0 to 1.</param>
/// <param name="Invalidated">Whether the entry was invalidated: so when it was wrong for its own question.</param>
public sealed record CacheFeedbackReceipt(double Threshold, bool Invalidated);

/// <summary>The store of the cache can't be reached or written. Reads never throw this: for them it is a miss.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">What the store threw.</param>
public sealed class CacheUnavailableException(string message, Exception inner) : Exception(message, inner);
