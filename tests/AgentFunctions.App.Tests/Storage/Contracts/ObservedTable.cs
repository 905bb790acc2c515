using AgentFunctions.App.Storage;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>Any table, with its deletes counted and a place to step in.</summary>
internal sealed class ObservedTable(ITableClientPort inner) : ITableClientPort
{
    public int Transactions { get; private set; }

    public int SingleDeletes { get; private set; }

    /// <summary>Called before the next transaction, once: what others do meanwhile.</summary>
    public Func<Task>? BeforeTransaction { get; set; }

    public Task<TableRow?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken) => inner.GetAsync(partitionKey, rowKey, cancellationToken);

    public Task<string?> WriteAsync(TableRow row, WriteCondition condition, CancellationToken cancellationToken) => inner.WriteAsync(row, condition, cancellationToken);

    public Task<bool> DeleteAsync(string partitionKey, RowDelete row, CancellationToken cancellationToken)
    {
        SingleDeletes++;
        return inner.DeleteAsync(partitionKey, row, cancellationToken);
    }

    public async Task<bool> TryDeleteBatchAsync(string partitionKey, IReadOnlyList<RowDelete> rows, CancellationToken cancellationToken)
    {
        Transactions++;
        if (BeforeTransaction is { } stepIn)
        {
            BeforeTransaction = null;
            await stepIn();
        }

        return await inner.TryDeleteBatchAsync(partitionKey, rows, cancellationToken);
    }

    public IAsyncEnumerable<TableRow> QueryAsync(TableQuery query, CancellationToken cancellationToken) => inner.QueryAsync(query, cancellationToken);

    public async Task<int> CountAsync() => (await RowsAsync(new TableQuery { KeysOnly = true })).Count;

    public async Task<List<TableRow>> RowsAsync(TableQuery query)
    {
        List<TableRow> rows = [];
        await foreach (var row in inner.QueryAsync(query, CancellationToken.None)) rows.Add(row);
        return rows;
    }
}
