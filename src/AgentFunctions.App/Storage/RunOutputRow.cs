using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Results;

namespace AgentFunctions.App.Storage;

/// <summary>
/// A batch of a run's output as one row: partition = run, row key = the batch's number. Numbers of a run follow each other, so a missing row shows;
/// the first is the time in milliseconds, so that a run whose rows were removed begins above what anybody has seen.
/// </summary>
internal static class RunOutputRow
{
    /// <summary>How many entries a row has at most; the last of a row has the highest position of it, so that a reader knows that the row is read.</summary>
    public const int MostEntries = 1 << EntryBits;

    private const int EntryBits = 12;
    private const string BaseProperty = "Base";
    private const string BatchProperty = "Batch";
    private const string FirstProperty = "First";
    private const string GapProperty = "AfterGap";

    /// <summary>The key of the row that says where a run's numbers begin; it comes before all others.</summary>
    public static string AnchorKey { get; } = Key(0);

    private static readonly TimeSpan AnchorKept = TimeSpan.FromDays(400);

    public static string Key(long number) => number.ToString("d16", CultureInfo.InvariantCulture);

    public static long NumberOf(TableRow row) => long.Parse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture);

    public static long NumberOf(long position) => position >> EntryBits;

    /// <summary>The position right before a row's entries.</summary>
    public static long Before(long number) => (number << EntryBits) - 1;

    /// <summary>Whether all of its row is at or before this position.</summary>
    public static bool IsLast(long position) => (position & (MostEntries - 1)) == MostEntries - 1;

    public static TableRow Of(string partition, long number, Guid batch, (bool First, bool AfterGap) place, IReadOnlyList<RunOutputEntry> entries, DateTimeOffset expires)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartArray();
            foreach (var entry in entries)
            {
                writer.WriteStringValue(entry.Kind);
                writer.WriteRawValue(entry.Data.Span, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }

        var row = TableRows.Of(partition, Key(number), buffer.WrittenMemory, expires);
        return row with { Properties = new Dictionary<string, object>(row.Properties, StringComparer.Ordinal) { [BatchProperty] = batch.ToString("n"), [FirstProperty] = place.First ? 1 : 0, [GapProperty] = place.AfterGap ? 1 : 0 } };
    }

    /// <summary>The row that says where a run's numbers begin: at this time.</summary>
    /// <param name="partition">The run's partition.</param>
    /// <param name="now">The time.</param>
    /// <param name="first">Whether nothing of the run was there before.</param>
    public static TableRow Anchor(string partition, DateTimeOffset now, bool first) => new(partition, AnchorKey)
    {
        Properties = new Dictionary<string, object>(StringComparer.Ordinal) { [BaseProperty] = now.ToUnixTimeMilliseconds(), [FirstProperty] = first ? 1 : 0, [TableRows.ExpiresProperty] = now + AnchorKept },
    };

    public static long BaseOf(TableRow anchor) => anchor.Properties.GetValueOrDefault(BaseProperty) is long start ? start : 0;

    public static bool IsFirst(TableRow row) => row.Properties.GetValueOrDefault(FirstProperty) is 1;

    /// <summary>Whether output was lost right before it.</summary>
    public static bool IsAfterGap(TableRow row) => row.Properties.GetValueOrDefault(GapProperty) is 1;

    public static bool IsOf(TableRow row, Guid batch) => row.Properties.GetValueOrDefault(BatchProperty) is string text && text == batch.ToString("n");

    public static IEnumerable<RunOutputEntry> Entries(TableRow row)
    {
        using var document = JsonDocument.Parse(TableRows.ValueOf(row));
        var count = document.RootElement.GetArrayLength() / 2;
        var start = NumberOf(row) << EntryBits;
        List<RunOutputEntry> entries = new(count);
        for (var i = 0; i < count; i++)
        {
            entries.Add(new RunOutputEntry(start + (i == count - 1 ? MostEntries - 1 : i), document.RootElement[2 * i].GetString()!, RunOutputJson.OneLine(document.RootElement[(2 * i) + 1])));
        }

        return entries;
    }
}
