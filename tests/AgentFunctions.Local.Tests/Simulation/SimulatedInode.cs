namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>A file's bytes twice: as programs see them, and as they are on the disk; and which 512-byte sectors differ.</summary>
internal sealed class SimulatedInode
{
    private const int SectorBytes = 512;
    private readonly SortedSet<int> dirty = [];
    private byte[] current = [];
    private byte[] durable = [];
    private int durableLength;
    private int shortest;

    public int Length { get; private set; }

    public void Write(int offset, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        var end = offset + data.Length;
        if (end > current.Length)
            Array.Resize(ref current, Math.Max(end, current.Length * 2));
        data.CopyTo(current.AsSpan(offset));
        Length = Math.Max(Length, end);
        for (var sector = offset / SectorBytes; sector <= (end - 1) / SectorBytes; sector++)
            dirty.Add(sector);
    }

    public int Read(int offset, Span<byte> destination)
    {
        var count = Math.Clamp(Length - offset, 0, destination.Length);
        if (count > 0)
            current.AsSpan(offset, count).CopyTo(destination);
        return count;
    }

    public void Truncate(int length)
    {
        if (length >= Length)
            return;
        current.AsSpan(length, Length - length).Clear();
        Length = length;
        shortest = Math.Min(shortest, length);
        dirty.RemoveWhere(sector => (long)sector * SectorBytes >= length);
    }

    public void Sync()
    {
        if (durable.Length < Length)
            Array.Resize(ref durable, current.Length);
        if (shortest < durableLength)
            durable.AsSpan(shortest, durableLength - shortest).Clear();
        foreach (var sector in dirty)
        {
            var start = sector * SectorBytes;
            var count = Math.Min(SectorBytes, Length - start);
            current.AsSpan(start, count).CopyTo(durable.AsSpan(start));
        }

        dirty.Clear();
        durableLength = shortest = Length;
    }

    /// <summary>A sync that failed: the system drops the changes and calls the pages clean, so no later sync will write them (as Linux does).</summary>
    public void FailSync() => dirty.Clear();

    /// <summary>The file after the power has failed: of what was not synced, some sectors are there, some are not, one may be half there.</summary>
    public SimulatedInode AfterCrash(Random random)
    {
        var mode = random.Next(5);
        var truncated = shortest < durableLength && random.Next(2) == 0;
        var baseLength = truncated ? shortest : durableLength;
        var length = Math.Max(baseLength, Length);
        if (length > baseLength && mode is not 1)
            length = mode == 0 ? baseLength : random.Next(baseLength, length + 1);
        var bytes = new byte[length];
        durable.AsSpan(0, baseLength).CopyTo(bytes);
        var lastKept = mode == 2 && dirty.Count > 0 ? dirty.ElementAt(random.Next(dirty.Count)) : int.MaxValue;
        foreach (var sector in dirty)
        {
            var start = sector * SectorBytes;
            var count = Math.Min(SectorBytes, Math.Min(length, Length) - start);
            if (count <= 0)
                continue;
            var kept = mode switch { 0 => 0, 1 => count, 2 => sector < lastKept ? count : sector == lastKept ? random.Next(count + 1) : 0, _ => random.Next(3) == 0 ? random.Next(count + 1) : random.Next(2) * count };
            current.AsSpan(start, kept).CopyTo(bytes.AsSpan(start));
            // Behind the old end a file system may show whatever the blocks held before.
            var fresh = Math.Max(start + kept, baseLength);
            if (mode == 4 && fresh < start + count)
                random.NextBytes(bytes.AsSpan(fresh, start + count - fresh));
        }

        return new SimulatedInode { current = bytes, durable = [.. bytes], Length = length, durableLength = length, shortest = length };
    }
}
