namespace AgentFunctions.Local.Journal;

/// <summary>
/// The folder that a journal is in; injected so that a simulation can crash it, tear its writes and make it fail.
/// Nothing is durable before the matching sync: a file's bytes by <see cref="IJournalFile.Sync"/>, names by <see cref="SyncFolder"/>.
/// Failures are thrown as <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface IJournalStorage : IDisposable
{
    /// <summary>The names of the files in it, in no order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Creates an empty file; one of that name must not be there.</summary>
    IJournalFile Create(string name);

    /// <summary>Opens a file for reading and writing.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    IJournalFile Open(string name);

    /// <summary>Renames a file in one step, replacing one that has the new name.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file. Files that are open stay readable through their handle.</summary>
    void Delete(string name);

    /// <summary>Makes creations, renames and deletions durable.</summary>
    void SyncFolder();
}

/// <summary>An open file. Reads at one place and writes at another may run at once.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>Writes all of the data at the offset, extending the file where needed.</summary>
    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Fills the destination from the offset on, as far as the file reaches.</summary>
    /// <returns>The bytes read; fewer than asked only at the end of the file.</returns>
    int Read(long offset, Span<byte> destination);

    /// <summary>Returns when all that was written is durable. After it has thrown once, what is durable is unknown, and trying again tells nothing.</summary>
    void Sync();

    /// <summary>Cuts the file to this length.</summary>
    void Truncate(long length);
}
