namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>The beginning, the end, and what is told to the log.</summary>
internal sealed partial class FileKeyValueStore
{
    private bool Load()
    {
        try
        {
            var recovery = new StoreRecovery(storage, index, log);
            recovery.Run();
            // The clock too, so that no ETag of a store that was emptied is given out again.
            lastSequence = Math.Max(recovery.LastSequence, time.GetUtcNow().UtcTicks);
            Tell(recovery);
            ready.TrySetResult();
            return true;
        }
        catch (Exception e)
        {
            LogUnreadable(logger, e);
            ready.TrySetException(KeyValueStoreException.Of("read in", e));
            return false;
        }
    }

    private void Tell(StoreRecovery recovery)
    {
        damaged += recovery.Damaged;
        if (recovery.Emptied is { } reason)
        {
            emptied++;
            LogEmptied(logger, reason);
        }
        else if (recovery.Damaged > 0)
        {
            LogDamagedAtStart(logger, recovery.Damaged);
        }

        if (recovery.Torn is { } torn)
            LogTorn(logger, torn.ToString());
    }

    private void TryClose()
    {
        try
        {
            log.Close();
        }
        catch (Exception e)
        {
            // All that was acknowledged is durable; only the proof of an orderly end is missing.
            LogFailed(logger, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cache's last write was cut short: {Torn} Nothing in it had been acknowledged, unless the disk has damaged it.")]
    private static partial void LogTorn(ILogger logger, string torn);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} damaged records of the cache were skipped; what they held will be made anew. Check the disk.")]
    private static partial void LogDamagedAtStart(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A record of the cache is damaged ({File} at offset {Offset}) and was dropped; what it held will be made anew. Check the disk.")]
    private static partial void LogDamaged(ILogger logger, string file, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cache was emptied, for after damage it can't be told what of it still holds: {Reason}. Answers will be made anew. Check the disk.")]
    private static partial void LogEmptied(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Error}")]
    private static partial void LogFailed(ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Making room in the cache's store failed: {Error} It is tried again.")]
    private static partial void LogNotCleaned(ILogger logger, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} of the cache is no longer needed but can't be removed now; the next start removes it.")]
    private static partial void LogNotDeleted(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cache's store can't be read in, so the cache works from memory only until a restart.")]
    private static partial void LogUnreadable(ILogger logger, Exception error);
}
