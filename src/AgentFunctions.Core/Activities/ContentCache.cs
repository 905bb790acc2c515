using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Keeps what was read last, up to a number of bytes, and reads once for all who ask at the same time. The value read last is kept however large it is. Thread-safe.
/// </summary>
internal sealed class ContentCache<T>(long capacityBytes, Func<ContentRef, Task<T>> read)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ContentRef, LinkedListNode<Entry>> byContent = [];
    private readonly LinkedList<Entry> lastUsedFirst = [];
    private long bytes;

    /// <summary>The value at an address. One caller's cancellation ends its own wait only.</summary>
    public async ValueTask<T> GetAsync(ContentRef content, CancellationToken cancellationToken)
    {
        var entry = Find(content);
        try
        {
            return await entry.Value.WaitAsync(cancellationToken);
        }
        catch when (entry.Value.IsFaulted || entry.Value.IsCanceled)
        {
            // A failure is not kept: the next to ask reads again.
            Forget(entry);
            throw;
        }
    }

    private Entry Find(ContentRef content)
    {
        lock (gate)
        {
            if (byContent.TryGetValue(content, out var node))
            {
                lastUsedFirst.Remove(node);
                lastUsedFirst.AddFirst(node);
                return node.Value;
            }

            // An address may come from a client and name any length; none counts for more than the whole cache.
            var entry = new Entry(content, Math.Clamp(content.Length, 0, capacityBytes + 1), Task.Run(() => read(content)));
            byContent.Add(content, lastUsedFirst.AddFirst(entry));
            bytes += entry.Bytes;
            while (bytes > capacityBytes && lastUsedFirst.Last is { } oldest && oldest.Value != entry) Remove(oldest);
            return entry;
        }
    }

    private void Forget(Entry entry)
    {
        lock (gate)
        {
            if (byContent.TryGetValue(entry.Content, out var node) && node.Value == entry) Remove(node);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        byContent.Remove(node.Value.Content);
        lastUsedFirst.Remove(node);
        bytes -= node.Value.Bytes;
    }

    private sealed class Entry(ContentRef content, long bytes, Task<T> value)
    {
        public ContentRef Content { get; } = content;

        public long Bytes { get; } = bytes;

        public Task<T> Value { get; } = value;
    }
}
