using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Storage;

/// <summary>
/// Cancellations in a table: one partition a run, one row a posting, so that a poll is one read of one partition. A row's key comes from its
/// calls, so saying it twice says it once. Rows end after <see cref="Kept"/>, far beyond the time that any activity runs.
/// </summary>
internal sealed class TableCancellationBoard(ITableClientPort table, TimeProvider time) : ICancellationBoard
{
    /// <summary>How long a posting is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const string AllKey = "all";

    public async Task PostAsync(CallCancellation cancellation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        var value = Pack(cancellation.CallIds);
        var rowKey = value.Length == 0 ? AllKey : Convert.ToHexStringLower(SHA256.HashData(value))[..32];
        await table.WriteAsync(TableRows.Of(TableKeys.Escape(cancellation.InstanceId), rowKey, value, time.GetUtcNow() + Kept), WriteCondition.Always, cancellationToken);
    }

    public async Task<CancelledCalls> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var all = false;
        var calls = new HashSet<int>();
        await foreach (var row in table.QueryAsync(new TableQuery { PartitionKey = TableKeys.Escape(instanceId) }, cancellationToken))
        {
            all |= row.RowKey == AllKey;
            var value = TableRows.ValueOf(row);
            for (var at = 0; at + sizeof(int) <= value.Length; at += sizeof(int))
            {
                calls.Add(BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(at)));
            }
        }

        return new CancelledCalls(all, calls);
    }

    /// <summary>Removes postings that have ended.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many were removed.</returns>
    public Task<int> SweepAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return TableBatches.DeleteFoundAsync(table, new TableQuery { ExpiredAt = time.GetUtcNow() }, onlyUnchanged: true, most, cancellationToken);
    }

    private static byte[] Pack(IReadOnlyList<int> calls)
    {
        int[] sorted = [.. calls.Distinct().Order()];
        var value = new byte[sorted.Length * sizeof(int)];
        for (var i = 0; i < sorted.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(i * sizeof(int)), sorted[i]);
        }

        return value;
    }
}
