using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Tests.Activities;

/// <summary>A content store in memory that counts the reads of each value, and can be made to fail or wait.</summary>
internal sealed class CountingStore : IContentStore
{
    private readonly MemoryContentStore store = new();

    public ConcurrentDictionary<ContentRef, int> Reads { get; } = new();

    public Func<ContentRef, Task>? BeforeRead { get; set; }

    public Task<ContentRef> PutAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => store.PutAsync(value, cancellationToken);

    public async Task<ReadOnlyMemory<byte>> GetAsync(ContentRef content, CancellationToken cancellationToken)
    {
        Reads.AddOrUpdate(content, 1, (_, count) => count + 1);
        if (BeforeRead is not null) await BeforeRead(content);
        return await store.GetAsync(content, cancellationToken);
    }

    public Task<bool> ExistsAsync(ContentRef content, CancellationToken cancellationToken) => store.ExistsAsync(content, cancellationToken);
}
