namespace AgentFunctions.Core.Results;

/// <summary>One run's output in memory. Positions follow each other, so an entry is found without a search.</summary>
/// <param name="first">The position of the first entry.</param>
/// <param name="lost">What is at or before this position is gone, if there was any.</param>
internal sealed class RunOutputBuffer(long first, long lost)
{
    /// <summary>What an entry costs beside its data, in bytes.</summary>
    public const int EntryBytes = 96;

    private readonly List<RunOutputEntry> entries = [];
    private int head;

    /// <summary>What is at or before this position is gone, if there was any.</summary>
    public long Lost { get; private set; } = lost;

    /// <summary>The position of the oldest entry that is kept, or the next one's.</summary>
    public long First { get; private set; } = first;

    /// <summary>The next entry's position.</summary>
    public long Next => First + Count;

    public int Count => entries.Count - head;

    public long Bytes { get; private set; }

    /// <summary>When it was last added to, as a number that grows over all runs.</summary>
    public long LastUse { get; set; }

    public void Add(string kind, ReadOnlyMemory<byte> data)
    {
        entries.Add(new RunOutputEntry(Next, kind, data));
        Bytes += data.Length + EntryBytes;
    }

    /// <summary>Drops entries, the oldest first, until no more than these bytes are left.</summary>
    /// <returns>How many went.</returns>
    public int DropTo(long bytes)
    {
        var dropped = 0;
        while (Bytes > bytes)
        {
            Bytes -= entries[head].Data.Length + EntryBytes;
            entries[head++] = default;
            Lost = First++;
            dropped++;
        }

        if (head > entries.Count / 2)
        {
            entries.RemoveRange(0, head);
            head = 0;
        }

        return dropped;
    }

    /// <summary>Entries after a position that is in the buffer or right before it.</summary>
    public List<RunOutputEntry> Read(long after, int most)
    {
        var from = head + (int)(Math.Max(after + 1, First) - First);
        return entries.GetRange(from, Math.Min(most, entries.Count - from));
    }
}
