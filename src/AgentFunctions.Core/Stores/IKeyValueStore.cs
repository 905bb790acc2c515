namespace AgentFunctions.Core.Stores;

/// <summary>
/// Keeps small values by key for a time, and lets writers agree by ETag (RFC 9110, section 8.8.3). A value that has expired is never read,
/// whether or not it has been swept yet.
/// </summary>
public interface IKeyValueStore
{
    /// <summary>Whether this process alone has the store: then nobody else changes a value behind its back. Default: false.</summary>
    bool IsExclusive => false;

    /// <summary>The value of a key, or null where there is none or it has expired.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<KeyValueEntry?> GetAsync(KeyValueKey key, CancellationToken cancellationToken);

    /// <summary>Sets the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, of any length; the store says which is kept elsewhere.</param>
    /// <param name="expires">When it ends, or null for never.</param>
    /// <param name="condition">When it may be written.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <returns>The new ETag, or null where the condition did not hold and nothing was changed.</returns>
    Task<string?> SetAsync(KeyValueKey key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="etag">Only where it still has this ETag; null for any.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether it was there, with that ETag.</returns>
    Task<bool> DeleteAsync(KeyValueKey key, string? etag, CancellationToken cancellationToken);

    /// <summary>Removes many keys; those that are not there are passed over.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Stops it; some may be gone by then.</param>
    /// <returns>How many were removed.</returns>
    Task<int> DeleteManyAsync(IReadOnlyCollection<KeyValueKey> keys, CancellationToken cancellationToken);

    /// <summary>Removes all keys of a partition that are there when it starts.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="cancellationToken">Stops it; some may be gone by then.</param>
    /// <returns>How many were removed.</returns>
    Task<int> DeletePartitionAsync(KeyValuePartition partition, CancellationToken cancellationToken);

    /// <summary>Removes values that have expired. One that is written anew meanwhile stays.</summary>
    /// <param name="most">How many at most, from 1.</param>
    /// <param name="cancellationToken">Stops it; some may be gone by then.</param>
    /// <returns>How many were removed; fewer than <paramref name="most"/> where no more had expired.</returns>
    Task<int> SweepAsync(int most, CancellationToken cancellationToken);
}

/// <summary>What is invalidated together: the values of one kind of one tenant.</summary>
/// <param name="Tenant">Whose they are; any text.</param>
/// <param name="Kind">What they are; any text: <c>model</c>, <c>tool</c>.</param>
public sealed record KeyValuePartition(string Tenant, string Kind);

/// <summary>The address of a value.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Key">Its key within the partition; any text.</param>
public sealed record KeyValueKey(KeyValuePartition Partition, string Key);

/// <summary>A stored value.</summary>
/// <param name="Value">The bytes.</param>
/// <param name="Expires">When it ends, or null for never.</param>
/// <param name="ETag">Changes with each write.</param>
public sealed record KeyValueEntry(ReadOnlyMemory<byte> Value, DateTimeOffset? Expires, string ETag)
{
    /// <summary>When it was written, by the store's own clock, which is one for all its users; null where the store has none.</summary>
    public DateTimeOffset? Written { get; init; }
}
