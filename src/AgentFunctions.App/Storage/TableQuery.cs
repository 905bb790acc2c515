using System.Globalization;

namespace AgentFunctions.App.Storage;

/// <summary>Which rows to read.</summary>
internal sealed record TableQuery
{
    /// <summary>Only this partition. Default: all.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>Only rows whose key comes after this one, in the order of their bytes. Default: all.</summary>
    public string? RowKeyAfter { get; init; }

    /// <summary>Only rows that expired at or before this time. Default: all.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }

    /// <summary>Whether the keys and the ETag are enough. Default: false.</summary>
    public bool KeysOnly { get; init; }

    /// <summary>How many rows a page has at most, 1 to 1,000. Default: 1,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>The query as an OData filter, or null for all rows.</summary>
    public string? ToFilter()
    {
        var partition = PartitionKey is null ? null : $"PartitionKey eq '{PartitionKey.Replace("'", "''", StringComparison.Ordinal)}'";
        var expired = ExpiredAt is not { } time ? null : string.Create(CultureInfo.InvariantCulture, $"{TableRows.ExpiresProperty} le datetime'{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}'");
        var after = RowKeyAfter is null ? null : $"RowKey gt '{RowKeyAfter.Replace("'", "''", StringComparison.Ordinal)}'";
        string[] parts = [.. new[] { partition, after, expired }.OfType<string>()];
        return parts.Length == 0 ? null : string.Join(" and ", parts);
    }
}
