namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>A worker's copy of a document, and since when it is one. Thread-safe.</summary>
/// <param name="owner">Whose set.</param>
/// <param name="number">Which of its documents.</param>
internal sealed class GenerationCopy(string owner, int number)
{
    private readonly Lock gate = new();
    private volatile State? state;
    private Task? renewal;

    /// <summary>Whose set it is of.</summary>
    public string Owner { get; } = owner;

    /// <summary>Which of its documents it is.</summary>
    public int Number { get; } = number;

    /// <summary>What is known; null where nothing has been read.</summary>
    public State? Known => state;

    /// <summary>Whether it is being renewed.</summary>
    public bool IsRenewing
    {
        get
        {
            lock (gate) return renewal is { IsCompleted: false };
        }
    }

    /// <summary>The renewal under way, or else a new one.</summary>
    /// <param name="renew">Renews it.</param>
    public Task RenewAsync(Func<GenerationCopy, Task> renew)
    {
        TaskCompletionSource begun;
        lock (gate)
        {
            if (renewal is { IsCompleted: false } underWay) return underWay;
            begun = new TaskCompletionSource();
            renewal = begun.Task;
        }

        return RunAsync(renew, begun);
    }

    /// <summary>Takes a document that was read, unless a later one is known.</summary>
    /// <param name="document">The document.</param>
    /// <param name="from">The moment before the read began, on the monotonic clock.</param>
    /// <param name="onlyFirst">Whether it is taken only where nothing is known: a write of this process may have overtaken the read.</param>
    public void TakeRead(GenerationDocument document, long from, bool onlyFirst)
    {
        lock (gate)
        {
            if (state is { } known && (onlyFirst || from <= known.From || IsOlder(document, known.Document))) return;
            state = new State(document, from);
        }
    }

    /// <summary>Takes a document that was written, unless a later one is known.</summary>
    /// <param name="document">The document.</param>
    /// <param name="from">The moment before the write began, on the monotonic clock.</param>
    public void TakeWritten(GenerationDocument document, long from)
    {
        lock (gate)
        {
            if (state is not { } known || !IsOlder(document, known.Document)) state = new State(document, from);
        }
    }

    private static bool IsOlder(GenerationDocument document, GenerationDocument known) => document.Birth == known.Birth && document.Sequence < known.Sequence;

    private async Task RunAsync(Func<GenerationCopy, Task> renew, TaskCompletionSource begun)
    {
        try
        {
            await renew(this);
        }
        finally
        {
            begun.SetResult();
        }
    }

    /// <summary>What is known.</summary>
    /// <param name="Document">The document.</param>
    /// <param name="From">Since when it holds, on the monotonic clock.</param>
    public sealed record State(GenerationDocument Document, long From);
}
