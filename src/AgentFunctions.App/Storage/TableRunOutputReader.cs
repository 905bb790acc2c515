using AgentFunctions.Core.Results;

namespace AgentFunctions.App.Storage;

/// <summary>Reads one run's rows. Tables tell nobody of a new row, so it looks, and less often the longer nothing comes.</summary>
internal sealed class TableRunOutputReader(ITableClientPort table, TableRunOutputOptions options, TimeProvider time, string partition, long from) : IRunOutputReader
{
    private const int PageRows = 20;
    private long position = from;
    private TimeSpan poll = options.FirstPoll;

    public async ValueTask<RunOutputPage> ReadAsync(CancellationToken cancellationToken)
    {
        long? gap = null;
        List<RunOutputEntry> entries = [];
        var rows = 0;
        await foreach (var row in table.QueryAsync(new TableQuery { PartitionKey = partition, RowKeyAfter = RunOutputRow.Key(position == 0 ? 0 : LastWhole(position)), PageSize = PageRows }, cancellationToken))
        {
            var number = RunOutputRow.NumberOf(row);
            var isMissing = position == 0 ? !RunOutputRow.IsFirst(row) : number != LastWhole(position) + 1;
            if (isMissing || (RunOutputRow.IsAfterGap(row) && position <= RunOutputRow.Before(number)))
            {
                if (entries.Count > 0)
                {
                    // The page ends where something is missing, so that the gap stands between what was before it and what comes after.
                    break;
                }

                gap = position = RunOutputRow.Before(number);
            }

            entries.AddRange(RunOutputRow.Entries(row).Where(entry => entry.Position > position));
            position = entries.Count > 0 ? entries[^1].Position : position;
            if (++rows == PageRows)
            {
                break;
            }
        }

        poll = entries.Count > 0 ? options.FirstPoll : Min(poll * 2, options.LongestPoll);
        return gap is null && entries.Count == 0 ? RunOutputPage.Empty : new RunOutputPage(gap, entries);
    }

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(poll, time, cancellationToken);

    public void Dispose()
    {
    }

    /// <summary>The last row of which all is at or before the position.</summary>
    private static long LastWhole(long position) => RunOutputRow.IsLast(position) ? RunOutputRow.NumberOf(position) : RunOutputRow.NumberOf(position) - 1;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
