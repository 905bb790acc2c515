using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>
/// A journal's folder that can crash, tear and fail, all by the <see cref="Random"/> it is given, so that a seed repeats it. It models what is durable:
/// a file's bytes by 512-byte sectors, names by folder operations; a crash keeps any part of what was not synced. Thread-safe.
/// </summary>
internal sealed class SimulatedStorage(Random random) : IJournalStorage
{
    private readonly Lock gate = new();
    private readonly List<Action<Dictionary<string, SimulatedInode>>> unsynced = [];
    private Dictionary<string, SimulatedInode> names = new(StringComparer.Ordinal);
    private Dictionary<string, SimulatedInode> durableNames = new(StringComparer.Ordinal);
    private bool down;

    /// <summary>What is to go wrong; it can be set at any time.</summary>
    public SimulatedFaults Faults { get; } = new();

    /// <summary>Changing operations so far: creations, writes, truncations, syncs, renames, deletions.</summary>
    public int Operations { get; private set; }

    /// <summary>The power fails: the storage as the next start finds it. This one throws from now on.</summary>
    public SimulatedStorage Crash(Random chance)
    {
        lock (gate)
        {
            down = true;
            var found = new Dictionary<string, SimulatedInode>(durableNames, StringComparer.Ordinal);
            var mode = chance.Next(3);
            foreach (var operation in unsynced)
            {
                if (mode == 1 || (mode == 2 && chance.Next(2) == 0))
                    operation(found);
            }

            found = found.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value.AfterCrash(chance), StringComparer.Ordinal);
            return new SimulatedStorage(random) { names = found, durableNames = new(found, StringComparer.Ordinal) };
        }
    }

    /// <summary>The process is killed, the machine runs on: all that was written is there, but no more durable than it was.</summary>
    public SimulatedStorage Kill()
    {
        lock (gate)
        {
            down = true;
            var after = new SimulatedStorage(random) { names = new(names, StringComparer.Ordinal), durableNames = new(durableNames, StringComparer.Ordinal) };
            after.unsynced.AddRange(unsynced);
            return after;
        }
    }

    public IReadOnlyList<string> List() => Do(() => names.Keys.Order(StringComparer.Ordinal).ToArray());

    public IJournalFile Create(string name) => Change(() =>
    {
        if (names.ContainsKey(name))
            throw new IOException($"The file '{name}' exists.");
        var inode = new SimulatedInode();
        Apply(folder => folder[name] = inode);
        return new SimulatedFile(this, inode);
    });

    public IJournalFile Open(string name) => Do(() => new SimulatedFile(this, Find(name)));

    public void Rename(string from, string to) => Change(() =>
    {
        var inode = Find(from);
        Apply(folder =>
        {
            folder.Remove(from);
            folder[to] = inode;
        });
        return 0;
    });

    public void Delete(string name) => Change(() =>
    {
        var inode = Find(name);
        // A name that an operation lost in a crash would have freed may by then be another file's.
        Apply(folder =>
        {
            if (folder.GetValueOrDefault(name) == inode)
                folder.Remove(name);
        });
        return 0;
    });

    public void SyncFolder() => Change(() =>
    {
        FailSyncIfDue(static () => { });
        foreach (var operation in unsynced)
            operation(durableNames);
        unsynced.Clear();
        return 0;
    });

    public void Dispose()
    {
        // It stands for the disk, which outlives who uses it.
    }

    /// <summary>A file's bytes as programs see them, to look at or to damage.</summary>
    public byte[] Bytes(string name)
    {
        lock (gate)
        {
            var bytes = new byte[Find(name).Length];
            Find(name).Read(0, bytes);
            return bytes;
        }
    }

    /// <summary>Puts a file there, durably, whatever was there before: damage, or somebody's meddling.</summary>
    public void Put(string name, ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var inode = new SimulatedInode();
            inode.Write(0, bytes);
            inode.Sync();
            names[name] = durableNames[name] = inode;
        }
    }

    /// <summary>An independent copy, all of it durable.</summary>
    public SimulatedStorage Copy()
    {
        var copy = new SimulatedStorage(random);
        foreach (var name in List())
            copy.Put(name, Bytes(name));
        return copy;
    }

    internal void Write(SimulatedInode inode, long offset, ReadOnlyMemory<byte> data) => Change(
        () =>
        {
            var growth = Math.Max(0, offset + data.Length - inode.Length);
            if (Faults.FreeBytes is { } free && growth > free)
            {
                inode.Write((int)offset, data.Span[..(int)Math.Max(0, data.Length - (growth - free))]);
                Faults.FreeBytes = 0;
                throw new IOException("No space left on device", 28);
            }

            Faults.FreeBytes -= growth;
            inode.Write((int)offset, data.Span);
            return 0;
        },
        whenCrashing: () => inode.Write((int)offset, data.Span[..random.Next(data.Length + 1)]));

    internal void Sync(SimulatedInode inode) => Change(() =>
    {
        FailSyncIfDue(inode.FailSync);
        inode.Sync();
        return 0;
    });

    internal void Truncate(SimulatedInode inode, long length) => Change(() =>
    {
        inode.Truncate((int)length);
        return 0;
    });

    internal T Do<T>(Func<T> read)
    {
        lock (gate)
            return down ? throw new SimulatedCrashException() : read();
    }

    private T Change<T>(Func<T> change, Action? whenCrashing = null)
    {
        lock (gate)
        {
            if (down)
                throw new SimulatedCrashException();
            Operations++;
            var counter = Faults.CrashAt;
            down = SimulatedFaults.Due(ref counter);
            Faults.CrashAt = counter;
            if (down)
            {
                whenCrashing?.Invoke();
                throw new SimulatedCrashException();
            }

            counter = Faults.FailOperationAt;
            var fails = SimulatedFaults.Due(ref counter);
            Faults.FailOperationAt = counter;
            return fails ? throw new IOException("Input/output error", 5) : change();
        }
    }

    private void FailSyncIfDue(Action onFailure)
    {
        var counter = Faults.FailSyncAt;
        var fails = SimulatedFaults.Due(ref counter);
        Faults.FailSyncAt = counter;
        if (!fails)
            return;
        onFailure();
        throw new IOException("Input/output error", 5);
    }

    private void Apply(Action<Dictionary<string, SimulatedInode>> operation)
    {
        operation(names);
        unsynced.Add(operation);
    }

    private SimulatedInode Find(string name) => names.GetValueOrDefault(name) ?? throw new FileNotFoundException($"There is no file '{name}'.", name);
}
