using System.Diagnostics;
using AgentFunctions.Local.Journal;
using JournalLog = AgentFunctions.Local.Journal.Journal;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>A journal in memory that can refuse the one write by which a compaction takes effect.</summary>
internal sealed class StubbornStorage : IJournalStorage
{
    private readonly MemoryJournalStorage inner = new();
    private int refused;
    private int granted;

    public volatile bool RefusesCompactions;

    public int Refused => Volatile.Read(ref refused);

    public int Granted => Volatile.Read(ref granted);

    public IReadOnlyList<string> List() => inner.List();

    public IJournalFile Create(string name)
    {
        // Manifests are written when a segment begins, too: those are no compaction's.
        if (name == Manifest.NewFileName && new StackTrace().GetFrames().Any(f => f.GetMethod()?.Name == nameof(JournalLog.Swap)))
        {
            if (RefusesCompactions)
            {
                Interlocked.Increment(ref refused);
                throw new IOException("No space left on device", 28);
            }

            Interlocked.Increment(ref granted);
        }

        return inner.Create(name);
    }

    public IJournalFile Open(string name) => inner.Open(name);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void Delete(string name) => inner.Delete(name);

    public void SyncFolder() => inner.SyncFolder();

    public void Dispose() => inner.Dispose();
}
