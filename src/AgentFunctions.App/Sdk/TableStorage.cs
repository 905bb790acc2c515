using System.Runtime.CompilerServices;
using AgentFunctions.App.Storage;
using AgentFunctions.Core.Stores;
using Azure;
using Azure.Data.Tables;

namespace AgentFunctions.App.Sdk;

/// <summary>A table of Azure Storage behind the stores' port; the only file that knows Azure.Data.Tables.</summary>
internal sealed class TableStorage(TableServiceClient service, string name) : ITableClientPort
{
    private static readonly string[] Keys = ["PartitionKey", "RowKey", "Timestamp"];
    private readonly TableClient table = service.GetTableClient(name);
    private readonly FirstUse create = new();

    /// <summary>The client of an account that knows callers by their identity.</summary>
    public static TableServiceClient Connect(Uri endpoint, Azure.Core.TokenCredential credential) => new(endpoint, credential);

    /// <summary>The client of a local emulator.</summary>
    public static TableServiceClient Connect(string connectionString) => new(connectionString);

    public async Task<TableRow?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, select: null, cancellationToken);
        return found.HasValue ? Row(found.Value!) : null;
    }

    public async Task<string?> WriteAsync(TableRow row, WriteCondition condition, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var entity = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (property, value) in row.Properties)
        {
            entity[property] = value;
        }

        try
        {
            var response = condition.MustBeNew ? await table.AddEntityAsync(entity, cancellationToken)
                : condition.ETag is { } etag ? await table.UpdateEntityAsync(entity, new ETag(etag), TableUpdateMode.Replace, cancellationToken)
                : await table.UpsertEntityAsync(entity, TableUpdateMode.Replace, cancellationToken);
            return response.Headers.ETag?.ToString();
        }
        catch (RequestFailedException refused) when (condition.MustBeNew ? refused.Status == 409 : condition.ETag is not null && refused.Status is 404 or 412)
        {
            return null;
        }
    }

    public async Task<bool> DeleteAsync(string partitionKey, RowDelete row, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        try
        {
            var response = await table.DeleteEntityAsync(partitionKey, row.RowKey, row.ETag is null ? ETag.All : new ETag(row.ETag), cancellationToken);
            return response.Status != 404;
        }
        catch (RequestFailedException refused) when (refused.Status is 404 or 412)
        {
            return false;
        }
    }

    public async Task<bool> TryDeleteBatchAsync(string partitionKey, IReadOnlyList<RowDelete> rows, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var actions = rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partitionKey, row.RowKey), row.ETag is null ? ETag.All : new ETag(row.ETag)));
        try
        {
            await table.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status is 404 or 412)
        {
            return false;
        }
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(TableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        await foreach (var entity in table.QueryAsync<TableEntity>(query.ToFilter(), query.PageSize, query.KeysOnly ? Keys : null, cancellationToken))
        {
            yield return Row(entity);
        }
    }

    private Task EnsureAsync(CancellationToken cancellationToken) => create.RunAsync(token => table.CreateIfNotExistsAsync(token), cancellationToken);

    private static TableRow Row(TableEntity entity) => new(entity.PartitionKey, entity.RowKey)
    {
        ETag = entity.ETag.ToString(),
        Timestamp = entity.Timestamp,
        Properties = entity.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => Value(p.Value), StringComparer.Ordinal),
    };

    private static object Value(object value) => value is BinaryData binary ? binary.ToArray() : value;
}
