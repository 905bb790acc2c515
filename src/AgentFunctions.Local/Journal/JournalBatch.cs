namespace AgentFunctions.Local.Journal;

/// <summary>What was appended between two calls of TakeBatch: one unit for each segment it touches. Write takes it once; its buffers are then used again.</summary>
internal sealed class JournalBatch
{
    internal static readonly JournalBatch Empty = new(0, []);

    internal JournalBatch(long number, IReadOnlyList<JournalUnit> units)
    {
        (Number, Units) = (number, units);
        foreach (var unit in units)
        {
            Records += unit.Records;
            Bytes += unit.Data.Length;
        }
    }

    /// <summary>Whether there is nothing to write; writing it then does nothing.</summary>
    public bool IsEmpty => Units.Count == 0;

    public int Records { get; }

    public long Bytes { get; }

    internal long Number { get; }

    internal IReadOnlyList<JournalUnit> Units { get; }
}
