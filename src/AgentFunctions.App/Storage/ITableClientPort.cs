using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Storage;

/// <summary>What the stores need of one table: Azure's client in the app, memory in tests. The table is made when it is first used.</summary>
internal interface ITableClientPort
{
    /// <summary>The most rows of one transaction.</summary>
    const int MostInBatch = 100;

    /// <summary>A row, or null.</summary>
    Task<TableRow?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken);

    /// <summary>Writes a whole row. Returns its new ETag, or null where the condition did not hold.</summary>
    Task<string?> WriteAsync(TableRow row, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Deletes a row. Returns whether it was there, with that ETag.</summary>
    Task<bool> DeleteAsync(string partitionKey, RowDelete row, CancellationToken cancellationToken);

    /// <summary>Deletes 1 to <see cref="MostInBatch"/> rows of a partition in one transaction. Returns false, with nothing deleted, where one was gone or had another ETag.</summary>
    Task<bool> TryDeleteBatchAsync(string partitionKey, IReadOnlyList<RowDelete> rows, CancellationToken cancellationToken);

    /// <summary>The rows that a query finds, page by page as they are read.</summary>
    IAsyncEnumerable<TableRow> QueryAsync(TableQuery query, CancellationToken cancellationToken);
}
