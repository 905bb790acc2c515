using System.Runtime.CompilerServices;
using AgentFunctions.App.Storage;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Tests.Storage;

/// <summary>A table in memory that refuses what Azure's refuses. Contracts/ proves that they are alike. Thread-safe.</summary>
internal sealed class FakeTable(TimeProvider? clock = null) : ITableClientPort
{
    private readonly SortedDictionary<(string Partition, string Row), TableRow> rows = new(Comparer<(string Partition, string Row)>.Create((a, b) =>
        string.CompareOrdinal(a.Partition, b.Partition) is var order and not 0 ? order : string.CompareOrdinal(a.Row, b.Row)));

    private int version;

    public Task<TableRow?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (rows) return Task.FromResult(rows.GetValueOrDefault((partitionKey, rowKey)));
    }

    public Task<string?> WriteAsync(TableRow row, WriteCondition condition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.Check(row);
        lock (rows)
        {
            var existing = rows.GetValueOrDefault((row.PartitionKey, row.RowKey));
            if (condition.MustBeNew ? existing is not null : condition.ETag is not null && existing?.ETag != condition.ETag)
            {
                return Task.FromResult<string?>(null);
            }

            var etag = $"W/\"{++version}\"";
            rows[(row.PartitionKey, row.RowKey)] = row with { ETag = etag, Timestamp = (clock ?? TimeProvider.System).GetUtcNow() };
            return Task.FromResult<string?>(etag);
        }
    }

    public Task<bool> DeleteAsync(string partitionKey, RowDelete row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (rows) return Task.FromResult(Fits(partitionKey, row) && rows.Remove((partitionKey, row.RowKey)));
    }

    public Task<bool> TryDeleteBatchAsync(string partitionKey, IReadOnlyList<RowDelete> batch, CancellationToken cancellationToken)
    {
        Assert.InRange(batch.Count, 1, ITableClientPort.MostInBatch);
        Assert.Equal(batch.Count, batch.Select(r => r.RowKey).Distinct().Count());
        lock (rows)
        {
            if (!batch.All(row => Fits(partitionKey, row)))
            {
                return Task.FromResult(false);
            }

            foreach (var row in batch) rows.Remove((partitionKey, row.RowKey));
            return Task.FromResult(true);
        }
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(TableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Assert.InRange(query.PageSize, 1, 1000);
        List<TableRow> found;
        lock (rows) found = [.. rows.Values.Where(r => Matches(query, r))];
        foreach (var page in found.Chunk(query.PageSize))
        {
            await Task.CompletedTask;
            foreach (var row in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return query.KeysOnly ? new TableRow(row.PartitionKey, row.RowKey) { ETag = row.ETag, Timestamp = row.Timestamp } : row;
            }
        }
    }

    private static bool Matches(TableQuery query, TableRow row) =>
        (query.PartitionKey is null || row.PartitionKey == query.PartitionKey) && (query.RowKeyAfter is null || string.CompareOrdinal(row.RowKey, query.RowKeyAfter) > 0) && (query.ExpiredAt is not { } time || TableRows.ExpiresOf(row) <= time);

    private bool Fits(string partitionKey, RowDelete row) => rows.TryGetValue((partitionKey, row.RowKey), out var existing) && (row.ETag is null || row.ETag == existing.ETag);
}
