using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>A handle on a simulated file; it stays usable when the name is gone, and dies with its storage.</summary>
internal sealed class SimulatedFile(SimulatedStorage storage, SimulatedInode inode) : IJournalFile
{
    public long Length => storage.Do(() => inode.Length);

    public void Write(long offset, ReadOnlySpan<byte> data) => storage.Write(inode, offset, data.ToArray());

    public int Read(long offset, Span<byte> destination)
    {
        var buffer = new byte[destination.Length];
        var read = storage.Do(() => inode.Read((int)offset, buffer));
        buffer.AsSpan(0, read).CopyTo(destination);
        return read;
    }

    public void Sync() => storage.Sync(inode);

    public void Truncate(long length) => storage.Truncate(inode, length);

    public void Dispose()
    {
        // Closing makes nothing durable and frees nothing that matters here.
    }
}
