using Microsoft.Win32.SafeHandles;

namespace AgentFunctions.Local.Journal;

/// <summary>A file on disk. Its handle, where nobody disposes it, is closed by the collector: readers from before a compaction rely on that.</summary>
internal sealed class PhysicalJournalFile : IJournalFile
{
    private readonly SafeFileHandle handle;

    private PhysicalJournalFile(SafeFileHandle handle) => this.handle = handle;

    public long Length => RandomAccess.GetLength(handle);

    // Delete is shared because a compaction removes files that readers still have open; on Windows that must be said at the opening.
    public static PhysicalJournalFile Open(string path, FileMode mode) => new(File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(handle, data, offset);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // .NET's form of EFBIG, which would tell the reader of an argument instead of a file.
            throw new IOException($"no file may grow to {offset + data.Length} bytes here; look at the file system's limit and this user's (ulimit -f)", e);
        }
    }

    public int Read(long offset, Span<byte> destination)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public void Sync() => RandomAccess.FlushToDisk(handle);

    public void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public void Dispose() => handle.Dispose();
}
