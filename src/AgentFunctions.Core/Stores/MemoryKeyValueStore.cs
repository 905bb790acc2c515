namespace AgentFunctions.Core.Stores;

/// <summary>
/// A key-value store that keeps everything in memory and loses it with the process: for tests, and for hosts that are told to keep nothing. Over
/// <paramref name="mostBytes"/> it drops the values that were written longest ago, of those that would end by themselves; values without an end stay. Thread-safe.
/// </summary>
/// <param name="time">Its clock.</param>
/// <param name="mostBytes">How many bytes of values it keeps, from 1. Default: 67,108,864 (64 MiB).</param>
/// <param name="exclusive">What <see cref="IsExclusive"/> says; false where a test plays several workers over one store. Default: true.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="mostBytes"/> is below 1.</exception>
public sealed class MemoryKeyValueStore(TimeProvider time, long mostBytes = 64L << 20, bool exclusive = true) : IKeyValueStore
{
    private readonly long mostBytes = mostBytes > 0 ? mostBytes : throw new ArgumentOutOfRangeException(nameof(mostBytes), mostBytes, "Set it to at least 1 byte.");
    private readonly Lock gate = new();
    private readonly Dictionary<KeyValueKey, Row> rows = [];

    // What may be dropped, oldest first.
    private readonly LinkedList<KeyValueKey> ending = [];
    private long bytes;
    private long writes;

    /// <summary>Whether this process alone has the store.</summary>
    public bool IsExclusive { get; } = exclusive;

    /// <summary>How many values there are, those that have expired and were not swept among them.</summary>
    public int Count
    {
        get
        {
            lock (gate) return rows.Count;
        }
    }

    /// <summary>How many bytes the values have.</summary>
    public long Bytes
    {
        get
        {
            lock (gate) return bytes;
        }
    }

    /// <inheritdoc/>
    public Task<KeyValueEntry?> GetAsync(KeyValueKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<KeyValueEntry?>(cancellationToken);
        lock (gate) return Task.FromResult(Live(key) is { } row ? new KeyValueEntry(row.Value, row.Expires, row.ETag) { Written = row.Written } : null);
    }

    /// <inheritdoc/>
    public Task<string?> SetAsync(KeyValueKey key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, WriteCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(condition);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<string?>(cancellationToken);
        var copy = value.ToArray();
        lock (gate)
        {
            var existing = Live(key);
            if (condition.MustBeNew ? existing is not null : condition.ETag is not null && existing?.ETag != condition.ETag) return Task.FromResult<string?>(null);
            Drop(key);
            var etag = (++writes).ToString(System.Globalization.CultureInfo.InvariantCulture);
            rows[key] = new Row(copy, expires, etag, time.GetUtcNow(), expires is null ? null : ending.AddLast(key));
            bytes += copy.Length;
            while (bytes > mostBytes && ending.First is { } oldest) Drop(oldest.Value);
            return Task.FromResult<string?>(etag);
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(KeyValueKey key, string? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<bool>(cancellationToken);
        lock (gate) return Task.FromResult(Live(key) is { } row && (etag is null || row.ETag == etag) && Drop(key));
    }

    /// <inheritdoc/>
    public Task<int> DeleteManyAsync(IReadOnlyCollection<KeyValueKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        lock (gate) return Task.FromResult(keys.Count(key => Live(key) is not null && Drop(key)));
    }

    /// <inheritdoc/>
    public Task<int> DeletePartitionAsync(KeyValuePartition partition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partition);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        lock (gate) return Task.FromResult(rows.Keys.Where(key => key.Partition == partition).ToList().Count(Drop));
    }

    /// <inheritdoc/>
    public Task<int> SweepAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<int>(cancellationToken);
        var now = time.GetUtcNow();
        lock (gate) return Task.FromResult(rows.Where(row => row.Value.Expires <= now).Select(row => row.Key).Take(most).ToList().Count(Drop));
    }

    private Row? Live(KeyValueKey key) => rows.TryGetValue(key, out var row) && !(row.Expires <= time.GetUtcNow()) ? row : null;

    private bool Drop(KeyValueKey key)
    {
        if (!rows.Remove(key, out var row)) return false;
        bytes -= row.Value.Length;
        if (row.Place is { } place) ending.Remove(place);
        return true;
    }

    private sealed record Row(byte[] Value, DateTimeOffset? Expires, string ETag, DateTimeOffset Written, LinkedListNode<KeyValueKey>? Place);
}
