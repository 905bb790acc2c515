namespace AgentFunctions.Local.Journal;

/// <summary>A journal's folder in memory, for hosts that need no durability. A journal opened on it again finds what was written; nothing survives the process.</summary>
internal sealed class MemoryJournalStorage : IJournalStorage
{
    private readonly Dictionary<string, MemoryJournalFile> files = new(StringComparer.Ordinal);

    public IReadOnlyList<string> List()
    {
        lock (files)
            return [.. files.Keys];
    }

    public IJournalFile Create(string name)
    {
        var file = new MemoryJournalFile();
        lock (files)
            return files.TryAdd(name, file) ? file : throw new IOException($"The file '{name}' exists.");
    }

    public IJournalFile Open(string name)
    {
        lock (files)
            return files.GetValueOrDefault(name) ?? throw Missing(name);
    }

    public void Rename(string from, string to)
    {
        lock (files)
            files[to] = files.Remove(from, out var file) ? file : throw Missing(from);
    }

    public void Delete(string name)
    {
        lock (files)
        {
            if (!files.Remove(name))
                throw Missing(name);
        }
    }

    public void SyncFolder()
    {
        // Memory has nothing more durable to go to.
    }

    public void Dispose()
    {
        // The files are the collector's.
    }

    private static FileNotFoundException Missing(string name) => new($"There is no file '{name}'.", name);
}
