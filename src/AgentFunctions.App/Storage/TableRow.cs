namespace AgentFunctions.App.Storage;

/// <summary>A row of a table, without a word of any client library.</summary>
/// <param name="PartitionKey">Its partition.</param>
/// <param name="RowKey">Its key within the partition.</param>
internal sealed record TableRow(string PartitionKey, string RowKey)
{
    /// <summary>Its properties: byte[], string, int, long and DateTimeOffset.</summary>
    public IReadOnlyDictionary<string, object> Properties { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Its ETag, where it was read.</summary>
    public string? ETag { get; init; }

    /// <summary>When it was written, by the service's clock, where it was read.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>A row to delete.</summary>
/// <param name="RowKey">Its key.</param>
/// <param name="ETag">Only where it still has this ETag; null for any.</param>
internal sealed record RowDelete(string RowKey, string? ETag);
