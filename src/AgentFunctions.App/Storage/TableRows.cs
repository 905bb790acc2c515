using System.Globalization;

namespace AgentFunctions.App.Storage;

/// <summary>Values as rows: cut into properties of at most 64 KiB, in a row of at most 1 MiB, which is what tables take.</summary>
internal static class TableRows
{
    /// <summary>When the row ends; absent for never.</summary>
    public const string ExpiresProperty = "ExpiresAt";

    /// <summary>The most bytes of one property.</summary>
    public const int PartBytes = 64 * 1024;

    /// <summary>The most bytes of a value: eleven properties. Azurite allows a row 1 MiB of JSON, in which three bytes are four characters; Azure itself allows more.</summary>
    public const int MostValueBytes = 11 * PartBytes;

    private const string CountProperty = "Parts";

    /// <summary>The row of a value.</summary>
    /// <exception cref="ArgumentException">The value is too long.</exception>
    public static TableRow Of(string partitionKey, string rowKey, ReadOnlyMemory<byte> value, DateTimeOffset? expires)
    {
        if (value.Length > MostValueBytes)
        {
            throw new ArgumentException($"The value of row '{rowKey}' in partition '{partitionKey}' has {value.Length} bytes, and a row holds at most {MostValueBytes}. Put it into the content store and keep its address.", nameof(value));
        }

        var count = (value.Length + PartBytes - 1) / PartBytes;
        var properties = new Dictionary<string, object>(count + 2, StringComparer.Ordinal) { [CountProperty] = count };
        for (var part = 0; part < count; part++)
        {
            var start = part * PartBytes;
            properties[PartName(part)] = value.Slice(start, Math.Min(PartBytes, value.Length - start)).ToArray();
        }

        if (expires is { } time)
        {
            properties[ExpiresProperty] = time.ToUniversalTime();
        }

        return new TableRow(partitionKey, rowKey) { Properties = properties };
    }

    /// <summary>The value of a row.</summary>
    /// <exception cref="InvalidDataException">A part of it is missing.</exception>
    public static byte[] ValueOf(TableRow row)
    {
        if (row.Properties.GetValueOrDefault(CountProperty) is not int count)
        {
            throw Damaged(row, CountProperty);
        }

        var parts = new byte[count][];
        for (var part = 0; part < count; part++)
        {
            parts[part] = row.Properties.GetValueOrDefault(PartName(part)) as byte[] ?? throw Damaged(row, PartName(part));
        }

        var value = new byte[parts.Sum(p => p.Length)];
        var start = 0;
        foreach (var part in parts)
        {
            part.CopyTo(value, start);
            start += part.Length;
        }

        return value;
    }

    /// <summary>When the row ends, or null for never.</summary>
    public static DateTimeOffset? ExpiresOf(TableRow row) => row.Properties.GetValueOrDefault(ExpiresProperty) as DateTimeOffset?;

    private static string PartName(int part) => "V" + part.ToString("d2", CultureInfo.InvariantCulture);

    private static InvalidDataException Damaged(TableRow row, string property) =>
        new($"The row '{row.RowKey}' in partition '{row.PartitionKey}' has no property {property}, so its value can't be read. Delete the row; another program wrote it, or a write was cut short.");
}
