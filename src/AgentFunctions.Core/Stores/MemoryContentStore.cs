using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Stores;

/// <summary>A content store that keeps everything in memory and loses it with the process: for tests, and for hosts that are told to keep nothing. Thread-safe.</summary>
public sealed class MemoryContentStore : IContentStore
{
    private readonly ConcurrentDictionary<ContentRef, byte[]> values = new();

    /// <summary>How many values there are.</summary>
    public int Count => values.Count;

    /// <summary>Stores a copy of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Looked at before the start.</param>
    public Task<ContentRef> PutAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<ContentRef>(cancellationToken);
        var content = ContentRef.Of(value.Span);
        if (!values.ContainsKey(content)) values.TryAdd(content, value.ToArray());
        return Task.FromResult(content);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="content">Its address.</param>
    /// <param name="cancellationToken">Looked at before the start.</param>
    /// <exception cref="ContentNotFoundException">There is no such value.</exception>
    public Task<ReadOnlyMemory<byte>> GetAsync(ContentRef content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<ReadOnlyMemory<byte>>(cancellationToken);
        return values.TryGetValue(content, out var value)
            ? Task.FromResult<ReadOnlyMemory<byte>>(value)
            : Task.FromException<ReadOnlyMemory<byte>>(new ContentNotFoundException(content));
    }

    /// <summary>Whether a value is stored.</summary>
    /// <param name="content">Its address.</param>
    /// <param name="cancellationToken">Looked at before the start.</param>
    public Task<bool> ExistsAsync(ContentRef content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled<bool>(cancellationToken) : Task.FromResult(values.ContainsKey(content));
    }
}
