namespace AgentFunctions.Local.Journal;

/// <summary>From the positions before a compaction to those after it: two sorted lists, 16 bytes for each record kept.</summary>
internal sealed class JournalPositionMap(int lastSegment)
{
    private readonly List<ulong> before = [];
    private readonly List<ulong> after = [];

    /// <summary>Records that were kept.</summary>
    public int Count => before.Count;

    /// <summary>Where a record is now. A position that the compaction did not touch stays what it is.</summary>
    /// <returns>False where the record was dropped.</returns>
    public bool TryMap(JournalPosition position, out JournalPosition now)
    {
        if (position.Segment > lastSegment)
        {
            now = position;
            return true;
        }

        var found = before.BinarySearch(position.Packed);
        now = found >= 0 ? new(after[found]) : default;
        return found >= 0;
    }

    internal void Add(JournalPosition from, JournalPosition to)
    {
        before.Add(from.Packed);
        after.Add(to.Packed);
    }
}
