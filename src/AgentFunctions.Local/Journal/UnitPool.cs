namespace AgentFunctions.Local.Journal;

/// <summary>Units to use again: one is filled by the pump while another is written. It keeps a few, so a burst leaves no memory behind.</summary>
internal sealed class UnitPool
{
    private const int Kept = 4;
    private readonly Stack<JournalUnit> free = new(Kept);

    public JournalUnit Rent()
    {
        lock (free)
            return free.TryPop(out var unit) ? unit : new JournalUnit();
    }

    public void Return(JournalUnit unit)
    {
        unit.Reset();
        lock (free)
        {
            if (free.Count < Kept)
                free.Push(unit);
        }
    }
}
