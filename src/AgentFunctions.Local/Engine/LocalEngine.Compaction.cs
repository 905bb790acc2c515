using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine;

/// <summary>Compaction runs beside the pump; only its beginning and its end are the pump's.</summary>
internal sealed partial class LocalEngine
{
    private readonly CancellationTokenSource compactionCancellation = new();
    private JournalCompaction? compaction;
    private Task? compacting;

    private void Compact()
    {
        if (compaction is null && machine.WantsCompaction)
        {
            var (begun, rewrite) = machine.BeginCompaction();
            compaction = begun;
            compacting = Task.Run(() => begun.Run(rewrite, compactionCancellation.Token));
            _ = compacting.ContinueWith(_ => queue.Wake(), TaskScheduler.Default);
        }
        else if (compaction is not null && compacting is { IsCompleted: true })
        {
            EndCompaction(compaction, compacting);
            (compaction, compacting) = (null, null);
        }
    }

    private void EndCompaction(JournalCompaction ran, Task outcome)
    {
        using (ran)
        {
            var failure = outcome.Exception?.InnerException;
            if (outcome.IsCompletedSuccessfully)
            {
                try
                {
                    machine.CompleteCompaction(ran);
                    LogCompacted(logger, ran.BytesBefore, ran.BytesAfter);
                    return;
                }
                catch (JournalCompactionException e)
                {
                    // The old segments are still in force.
                    failure = e;
                }
            }

            machine.ForgoCompaction();
            LogCompactionFailed(logger, failure);
        }
    }

    private async Task StopCompactionAsync()
    {
        await compactionCancellation.CancelAsync();
        if (compacting is { } task)
        {
            await task.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        compaction?.Dispose();
        compactionCancellation.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal was compacted from {Before} to {After} bytes.")]
    private static partial void LogCompacted(ILogger logger, long before, long after);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal could not be compacted and goes on as it was; it is tried again later. Look for a full disk.")]
    private static partial void LogCompactionFailed(ILogger logger, Exception? exception);
}
