namespace AgentFunctions.App.Storage;

/// <summary>Deletes rows a hundred at a time.</summary>
internal static class TableBatches
{
    /// <summary>Deletes what a query finds, up to a number. Rows that change meanwhile stay.</summary>
    public static async Task<int> DeleteFoundAsync(ITableClientPort table, TableQuery query, bool onlyUnchanged, int most, CancellationToken cancellationToken)
    {
        // Rows come in the order of their partitions, so one open batch is enough.
        var deleted = 0;
        var taken = 0;
        string? partition = null;
        var batch = new List<RowDelete>(ITableClientPort.MostInBatch);
        await foreach (var row in table.QueryAsync(query with { KeysOnly = true, PageSize = Math.Min(most, 1000) }, cancellationToken))
        {
            if (batch.Count == ITableClientPort.MostInBatch || (batch.Count > 0 && partition != row.PartitionKey))
            {
                deleted += await DeleteAsync(table, partition!, batch, cancellationToken);
                batch.Clear();
            }

            partition = row.PartitionKey;
            batch.Add(new RowDelete(row.RowKey, onlyUnchanged ? row.ETag : null));
            if (++taken == most)
            {
                break;
            }
        }

        return batch.Count == 0 ? deleted : deleted + await DeleteAsync(table, partition!, batch, cancellationToken);
    }

    /// <summary>Deletes rows of one partition, and says how many were there.</summary>
    public static async Task<int> DeleteAsync(ITableClientPort table, string partitionKey, IReadOnlyCollection<RowDelete> rows, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var batch in rows.Chunk(ITableClientPort.MostInBatch))
        {
            if (batch.Length > 1 && await table.TryDeleteBatchAsync(partitionKey, batch, cancellationToken))
            {
                deleted += batch.Length;
                continue;
            }

            // One row was gone or had changed, and a transaction is all or nothing.
            foreach (var row in batch)
            {
                deleted += await table.DeleteAsync(partitionKey, row, cancellationToken) ? 1 : 0;
            }
        }

        return deleted;
    }
}
