using AgentFunctions.Core.Results;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Storage;

/// <summary>
/// Writes one run's output from this worker. Another worker may write the same run: a row is only ever added, under the number after the last, so
/// two that take the same number are told apart by the table, and whoever is second takes the next.
/// </summary>
#pragma warning disable CA1001 // The semaphore's wait handle is never asked for, so it holds nothing; and a write may still wait in it when the writer is dropped.
internal sealed class TableRunOutputWriter(ITableClientPort table, TableRunOutputOptions options, TimeProvider time, string partition, Action<Exception, int> lost)
#pragma warning restore CA1001
{
    private const int MostTries = 50;
    private const int RowBytes = 256 * 1024;

    /// <summary>How long it is taken for granted that a row is still there: much less than rows are kept.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly List<RunOutputEntry> waiting = [];
    private long waitingBytes;
    private bool planned;
    private bool missing;

    // The last row known, whether it was the run's last, and since when that is known.
    private long? known;
    private bool isTail;
    private DateTimeOffset at;

    /// <summary>Whether nothing waits to be written.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return !planned && waiting.Count == 0;
            }
        }
    }

    public void Append(string kind, ReadOnlyMemory<byte> data)
    {
        lock (gate)
        {
            if (waitingBytes + data.Length > options.MostWaitingBytes || data.Length > RowBytes)
            {
                missing = true;
                lost(new IOException($"{waitingBytes} bytes of output wait to be written and {data.Length} more came; at most {options.MostWaitingBytes} wait, and an entry has at most {RowBytes}. The table is slower than the run, or fails."), 1);
                return;
            }

            waiting.Add(new RunOutputEntry(0, kind, data));
            waitingBytes += data.Length;
            if (planned)
            {
                return;
            }

            planned = true;
        }

        _ = WriteLaterAsync();
    }

    /// <summary>Writes what waits; ends when it is written, or lost and told so.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            while (Take() is { } batch)
            {
                await WriteAsync(batch, cancellationToken);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Nobody awaits it, so nothing may come out of it.</summary>
    private async Task WriteLaterAsync()
    {
        try
        {
            await Task.Delay(options.Gathering, time);
            lock (gate)
            {
                planned = false;
            }

            await FlushAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            lost(exception, 0);
        }
    }

    private (List<RunOutputEntry> Entries, bool AfterGap)? Take()
    {
        lock (gate)
        {
            var (count, bytes) = (0, 0L);
            while (count < waiting.Count && count < RunOutputRow.MostEntries && (bytes += waiting[count].Data.Length) <= RowBytes)
            {
                count++;
            }

            if (count == 0)
            {
                return null;
            }

            var batch = (waiting.GetRange(0, count), missing);
            waitingBytes -= batch.Item1.Sum(entry => (long)entry.Data.Length);
            waiting.RemoveRange(0, count);
            missing = false;
            return batch;
        }
    }

    private async Task WriteAsync((List<RunOutputEntry> Entries, bool AfterGap) batch, CancellationToken cancellationToken)
    {
        try
        {
            await AddAsync(batch.Entries, batch.AfterGap, cancellationToken);
        }
        catch (Exception exception)
        {
            lock (gate)
            {
                missing = true;
            }

            isTail = false;
            lost(exception, batch.Entries.Count);
        }
    }

    private async Task AddAsync(List<RunOutputEntry> entries, bool afterGap, CancellationToken cancellationToken)
    {
        var batch = Guid.NewGuid();
        for (var tries = 0; tries < MostTries; tries++)
        {
            var next = await NextAsync(batch, cancellationToken);
            if (next.IsWritten)
            {
                return;
            }

            var number = next.Number;
            var row = RunOutputRow.Of(partition, number, batch, (next.IsFirst, afterGap), entries, time.GetUtcNow() + options.Kept);
            var written = await table.WriteAsync(row, WriteCondition.New, cancellationToken) is not null;

            // Where it is not, somebody else has this number; or it is a write of ours whose answer was lost, and it was sent again.
            (known, isTail, at) = (written ? number : number - 1, written, time.GetUtcNow());
            if (written)
            {
                return;
            }
        }

        throw new IOException($"{MostTries} times another worker wrote under the number that was to be taken next. Too many activities of the run put out at the same time.");
    }

    /// <summary>The number after the run's last row, or that the batch is among the rows already.</summary>
    private async Task<(long Number, bool IsFirst, bool IsWritten)> NextAsync(Guid batch, CancellationToken cancellationToken)
    {
        if (known is { } tail && isTail && time.GetUtcNow() - at < Trusted)
        {
            return (tail + 1, false, false);
        }

        // After so long all rows may have ended, and the run may have begun to count anew.
        var from = time.GetUtcNow() - at < Trusted ? known : null;
        long? last = null;
        await foreach (var row in table.QueryAsync(new TableQuery { PartitionKey = partition, RowKeyAfter = RunOutputRow.Key(from ?? 0), KeysOnly = from is null }, cancellationToken))
        {
            last = RunOutputRow.NumberOf(row);
            if (RunOutputRow.IsOf(row, batch))
            {
                (known, isTail, at) = (last, true, time.GetUtcNow());
                return (0, false, true);
            }
        }

        return last is { } found ? (found + 1, false, false) : await BeginAsync(cancellationToken);
    }

    /// <summary>The number of the first row. Workers agree on it by a row of its own, as their clocks differ.</summary>
    private async Task<(long Number, bool IsFirst, bool IsWritten)> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var anchor = await table.GetAsync(partition, RunOutputRow.AnchorKey, cancellationToken);
            if (anchor is not null && RunOutputRow.BaseOf(anchor) is var known && now.ToUnixTimeMilliseconds() - known < Trusted.TotalMilliseconds)
            {
                return (known + 1, RunOutputRow.IsFirst(anchor), false);
            }

            await table.WriteAsync(RunOutputRow.Anchor(partition, now, first: anchor is null), anchor is null ? WriteCondition.New : WriteCondition.Match(anchor.ETag!), cancellationToken);
        }
    }
}
