namespace AgentFunctions.Local.Journal;

/// <summary>Something is wrong with the journal.</summary>
internal abstract class JournalException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The journal could not write, or make durable, what it was given. It stops for good: after a failed fsync nobody knows what is on disk, so it is never tried again.</summary>
internal sealed class JournalFailedException(string action, string file, long offset, Exception cause)
    : JournalException($"The journal stopped: {action} {file} at offset {offset} failed: {cause.Message.TrimEnd('.')}. {Advice(cause)}", cause)
{
    private const int NoSpaceUnix = 28;
    private const int QuotaUnix = 122;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    public string Action { get; } = action;

    public string File { get; } = file;

    public long Offset { get; } = offset;

    /// <summary>The same failure, to be thrown by a later call.</summary>
    public JournalFailedException Again() => new(Action, File, Offset, InnerException!);

    private static string Advice(Exception cause) => cause.HResult is NoSpaceUnix or QuotaUnix or NoSpaceWindows
        ? "The disk is full: free some space, then start again. All that was acknowledged before is intact."
        : "Check the disk and the folder's permissions, then start again. All that was acknowledged before is read back at the start.";
}

/// <summary>What was durable is no longer there, or is not what was written. The journal does not guess what is missing, so it does not open.</summary>
internal sealed class JournalDamagedException(string file, long offset, string what)
    : JournalException($"The journal is damaged: {file} at offset {offset}: {what} Nothing was changed. Restore the journal's whole folder from a backup, or start with another data folder; check the disk before you go on.")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;
}

/// <summary>The journal was written in a format that this program does not know.</summary>
internal sealed class JournalVersionException(string file, uint version, uint supported)
    : JournalException($"{file} has journal format version {version}; this program knows version {supported} only. Start the program that wrote it, or use another data folder.")
{
    public uint Version { get; } = version;
}

/// <summary>The journal's folder, or that of another store in the journal's form, can't be used.</summary>
internal sealed class JournalFolderException(string folder, string action, Exception cause, string what = "journal")
    : JournalException($"The {what}'s folder '{folder}' can't be used: {action} failed: {cause.Message.TrimEnd('.')}. Choose a folder on a local disk that this user may write to.", cause);

/// <summary>Another process, or another part of this one, has the journal open, or another store in its form.</summary>
internal sealed class JournalLockedException(string folder, string owner, Exception cause, string what = "journal")
    : JournalException($"The {what}'s folder '{folder}' is in use by {owner}. A {what} has one writer at a time: stop that process, or choose another data folder.", cause);

/// <summary>A compaction came to nothing. The journal goes on as it was.</summary>
internal sealed class JournalCompactionException(string what, Exception cause)
    : JournalException($"Compacting the journal failed: {what}: {cause.Message.TrimEnd('.')}. The journal goes on with what it had; it grows until a compaction succeeds. A compaction needs as much free space as it keeps.", cause);
