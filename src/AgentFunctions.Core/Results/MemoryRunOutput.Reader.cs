namespace AgentFunctions.Core.Results;

/// <summary>Reading.</summary>
public sealed partial class MemoryRunOutput
{
    /// <inheritdoc/>
    public IRunOutputReader OpenReader(string instanceId, RunOutputStart from)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        if (from.Position < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(from), from.Position, "A position is 0 for the beginning, or that of an entry that was read.");
        }

        return new Reader(this, instanceId, from);
    }

    private sealed class Reader(MemoryRunOutput store, string instanceId, RunOutputStart from) : IRunOutputReader
    {
        private long position = from.Position;
        private TaskCompletionSource? signal;

        public ValueTask<RunOutputPage> ReadAsync(CancellationToken cancellationToken)
        {
            lock (store.gate)
            {
                return ValueTask.FromResult(Read());
            }
        }

        public Task WaitAsync(CancellationToken cancellationToken)
        {
            lock (store.gate)
            {
                if (IsBehind())
                {
                    return Task.CompletedTask;
                }

                if (signal is null || signal.Task.IsCompleted)
                {
                    signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (!store.waiting.TryGetValue(instanceId, out var readers))
                    {
                        store.waiting.Add(instanceId, readers = []);
                    }

                    readers.Add(signal);
                }

                return signal.Task.WaitAsync(cancellationToken);
            }
        }

        public void Dispose()
        {
            lock (store.gate)
            {
                if (signal is not null && store.waiting.TryGetValue(instanceId, out var readers) && readers.Remove(signal) && readers.Count == 0)
                {
                    store.waiting.Remove(instanceId);
                }
            }
        }

        private bool IsBehind() => store.runs.TryGetValue(instanceId, out var run) ? run.Next - 1 != position && (run.Count > 0 || HasLost(run)) : HasLostAll();

        private RunOutputPage Read()
        {
            long? gap = null;
            if (!store.runs.TryGetValue(instanceId, out var run))
            {
                if (!HasLostAll())
                {
                    return RunOutputPage.Empty;
                }

                gap = position = store.Now();
                return new RunOutputPage(gap, []);
            }

            if (HasLost(run))
            {
                gap = position = run.First - 1;
            }

            var entries = run.Read(position, PageEntries);
            position = entries.Count > 0 ? entries[^1].Position : position;
            return gap is null && entries.Count == 0 ? RunOutputPage.Empty : new RunOutputPage(gap, entries);
        }

        /// <summary>Whoever has seen nothing has missed what was lost since the run was created; a position that was never given is of a process whose clock ran ahead.</summary>
        private bool HasLost(RunOutputBuffer run) => position == 0 ? Microseconds(from.RunCreated) < run.Lost : position < run.Lost || position >= run.Next;

        /// <summary>Whoever has seen nothing of a run without output can't be said to have missed any.</summary>
        private bool HasLostAll() => position > 0 && (position < store.floor || position > store.given);
    }
}
