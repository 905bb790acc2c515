namespace AgentFunctions.Conformance.Observation;

/// <summary>What the effects of a test did, in order. Safe for many threads.</summary>
public sealed class Ledger
{
    private readonly Lock gate = new();
    private readonly List<string> entries = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All entries so far, in order.</summary>
    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries];
            }
        }
    }

    /// <summary>Writes an entry.</summary>
    public void Add(string entry)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            entries.Add(entry);
            waiters = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiters.SetResult();
    }

    /// <summary>How often an entry was written.</summary>
    public int Count(string entry) => Entries.Count(e => string.Equals(e, entry, StringComparison.Ordinal));

    /// <summary>Waits until an entry was written this often.</summary>
    public async Task WhenAsync(string entry, int times, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (entries.Count(e => string.Equals(e, entry, StringComparison.Ordinal)) >= times)
                    return;
                next = changed.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }
}
