using System.Buffers.Binary;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Storage;

/// <summary>
/// Values in Table Storage. A partition is one of the table's, so that it can be invalidated in transactions of a hundred; a value that no
/// row holds is kept in the content store and the row has its address. The first byte of a row's value says which.
/// </summary>
internal sealed class TableKeyValueStore(ITableClientPort table, IContentStore content, TimeProvider time) : IKeyValueStore
{
    private const byte Inline = 0;
    private const byte Stored = 1;
    private const int AddressBytes = 1 + 32 + sizeof(long);

    public async Task<KeyValueEntry?> GetAsync(KeyValueKey key, CancellationToken cancellationToken)
    {
        var (partition, rowKey) = Address(key);
        if (await table.GetAsync(partition, rowKey, cancellationToken) is not { } row || IsExpired(row))
        {
            return null;
        }

        return await ValueAsync(row, cancellationToken) is { } value ? new KeyValueEntry(value, TableRows.ExpiresOf(row), row.ETag ?? "") { Written = row.Timestamp } : null;
    }

    public async Task<string?> SetAsync(KeyValueKey key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, WriteCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var (partition, rowKey) = Address(key);
        var row = TableRows.Of(partition, rowKey, await PackAsync(value, cancellationToken), expires);
        if (await table.WriteAsync(row, condition, cancellationToken) is { } etag)
        {
            return etag;
        }

        // An expired row is no value, whether or not it has been swept yet.
        return condition.MustBeNew && await table.GetAsync(partition, rowKey, cancellationToken) is { ETag: { } old } existing && IsExpired(existing)
            ? await table.WriteAsync(row, WriteCondition.Match(old), cancellationToken)
            : null;
    }

    public Task<bool> DeleteAsync(KeyValueKey key, string? etag, CancellationToken cancellationToken)
    {
        var (partition, rowKey) = Address(key);
        return table.DeleteAsync(partition, new RowDelete(rowKey, etag), cancellationToken);
    }

    public async Task<int> DeleteManyAsync(IReadOnlyCollection<KeyValueKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var deleted = 0;
        foreach (var partition in keys.Select(Address).Distinct().GroupBy(a => a.PartitionKey, a => new RowDelete(a.RowKey, null), StringComparer.Ordinal))
        {
            deleted += await TableBatches.DeleteAsync(table, partition.Key, [.. partition], cancellationToken);
        }

        return deleted;
    }

    public Task<int> DeletePartitionAsync(KeyValuePartition partition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return TableBatches.DeleteFoundAsync(table, new TableQuery { PartitionKey = PartitionKey(partition) }, onlyUnchanged: false, int.MaxValue, cancellationToken);
    }

    public Task<int> SweepAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return TableBatches.DeleteFoundAsync(table, new TableQuery { ExpiredAt = time.GetUtcNow() }, onlyUnchanged: true, most, cancellationToken);
    }

    private static (string PartitionKey, string RowKey) Address(KeyValueKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (PartitionKey(key.Partition), TableKeys.Escape(key.Key));
    }

    private static string PartitionKey(KeyValuePartition partition) => TableKeys.Join(partition.Tenant, partition.Kind);

    private bool IsExpired(TableRow row) => TableRows.ExpiresOf(row) <= time.GetUtcNow();

    private async Task<byte[]> PackAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        byte[] packed;
        if (value.Length < TableRows.MostValueBytes)
        {
            packed = new byte[1 + value.Length];
            packed[0] = Inline;
            value.CopyTo(packed.AsMemory(1));
            return packed;
        }

        var address = await content.PutAsync(value, cancellationToken);
        packed = new byte[AddressBytes];
        packed[0] = Stored;
        Convert.FromHexString(address.Sha256).CopyTo(packed, 1);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(33), address.Length);
        return packed;
    }

    /// <summary>The value, or null where the content store no longer has it: then it must be made anew, as if it had expired.</summary>
    private async Task<ReadOnlyMemory<byte>?> ValueAsync(TableRow row, CancellationToken cancellationToken)
    {
        var packed = TableRows.ValueOf(row);
        switch (packed)
        {
            case [Inline, ..]:
                return packed.AsMemory(1);
            case [Stored, ..] when packed.Length == AddressBytes:
                try
                {
                    return await content.GetAsync(new ContentRef(Convert.ToHexStringLower(packed.AsSpan(1, 32)), BinaryPrimitives.ReadInt64LittleEndian(packed.AsSpan(33))), cancellationToken);
                }
                catch (ContentNotFoundException)
                {
                    return null;
                }

            default:
                throw new InvalidDataException($"The row '{row.RowKey}' in partition '{row.PartitionKey}' holds {packed.Length} bytes of no known form. Delete the row; another program wrote it.");
        }
    }
}
