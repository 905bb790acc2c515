namespace AgentFunctions.Local.Stores.KeyValues;

/// <summary>The store did not take a write. Nothing of it is visible; reads go on. Whether a restart finds it is not known, as with any store whose disk failed.</summary>
internal sealed class KeyValueStoreException(string message, Exception? cause = null) : IOException(message, cause)
{
    private const int NoSpaceUnix = 28;
    private const int QuotaUnix = 122;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    public static KeyValueStoreException Of(string action, Exception cause) =>
        new($"The cache's store could not be {action}: {cause.Message.TrimEnd('.')}. {Advice(cause)}", cause);

    private static string Advice(Exception cause) => cause.HResult is NoSpaceUnix or QuotaUnix or NoSpaceWindows
        ? "The disk is full: free some space, or lower Cache:File:MostBytes. What was stored before is still read."
        : "Check the disk and the folder's permissions. What was stored before is still read.";
}

/// <summary>It can't be told which keys damage has hit, so nothing of the store may be served.</summary>
internal sealed class StoreLostException(string reason) : Exception(reason);
