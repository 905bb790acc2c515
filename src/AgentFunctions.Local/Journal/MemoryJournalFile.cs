namespace AgentFunctions.Local.Journal;

/// <summary>A file in memory, in chunks, so that growing copies nothing.</summary>
internal sealed class MemoryJournalFile : IJournalFile
{
    private const int ChunkBytes = 256 * 1024;
    private readonly List<byte[]> chunks = [];
    private readonly Lock gate = new();
    private long length;

    public long Length
    {
        get
        {
            lock (gate)
                return length;
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            var end = offset + data.Length;
            while ((long)chunks.Count * ChunkBytes < end)
                chunks.Add(new byte[ChunkBytes]);
            while (!data.IsEmpty)
            {
                var to = At(offset, data.Length);
                data[..to.Length].CopyTo(to);
                data = data[to.Length..];
                offset += to.Length;
            }

            length = Math.Max(length, end);
        }
    }

    public int Read(long offset, Span<byte> destination)
    {
        lock (gate)
        {
            var count = (int)Math.Clamp(length - offset, 0, destination.Length);
            destination = destination[..count];
            while (!destination.IsEmpty)
            {
                var from = At(offset, destination.Length);
                from.CopyTo(destination);
                destination = destination[from.Length..];
                offset += from.Length;
            }

            return count;
        }
    }

    public void Truncate(long length)
    {
        lock (gate)
        {
            // What is cut must not come back when the file grows again.
            for (var at = length; at < this.length;)
            {
                var rest = At(at, ChunkBytes);
                rest.Clear();
                at += rest.Length;
            }

            var needed = (int)((length + ChunkBytes - 1) / ChunkBytes);
            if (needed < chunks.Count)
                chunks.RemoveRange(needed, chunks.Count - needed);
            this.length = Math.Min(this.length, length);
        }
    }

    public void Sync()
    {
        // Memory has nothing more durable to go to.
    }

    public void Dispose()
    {
        // The storage keeps the bytes; this handle holds nothing else.
    }

    private Span<byte> At(long offset, int wanted)
    {
        var inChunk = (int)(offset % ChunkBytes);
        return chunks[(int)(offset / ChunkBytes)].AsSpan(inChunk, Math.Min(wanted, ChunkBytes - inChunk));
    }
}
