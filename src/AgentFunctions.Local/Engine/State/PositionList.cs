using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.State;

/// <summary>Where a run's turns are in the journal: eight bytes each. Grows only at its end, so a captured prefix stays as it is.</summary>
internal struct PositionList
{
    private JournalPosition[]? items;

    public int Count { get; private set; }

    public readonly JournalPosition First => items![0];

    public readonly JournalPosition Last => items![Count - 1];

    public void Add(JournalPosition position)
    {
        if (items is null || Count == items.Length)
        {
            Array.Resize(ref items, Math.Max(2, Count * 2));
        }

        items[Count++] = position;
    }

    public readonly ReadOnlyMemory<JournalPosition> Captured => items.AsMemory(0, Count);

    /// <summary>Replaces every position; captured prefixes keep the old ones.</summary>
    public void Map(Func<JournalPosition, JournalPosition> map)
    {
        var mapped = new JournalPosition[Count];
        for (var i = 0; i < Count; i++)
        {
            mapped[i] = map(items![i]);
        }

        items = mapped;
    }
}
