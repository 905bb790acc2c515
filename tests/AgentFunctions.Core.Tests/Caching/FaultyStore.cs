using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Tests.Caching;

/// <summary>A store that does as a test says before it does as it should.</summary>
internal sealed class FaultyStore(IKeyValueStore inner) : IKeyValueStore
{
    /// <summary>What comes before each call: a failure, a wait, nothing. It is told the call and its key.</summary>
    public Func<string, KeyValueKey?, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>What comes between the work and its answer.</summary>
    public Func<Task> After { get; set; } = () => Task.CompletedTask;

    /// <summary>What becomes of a value that is read.</summary>
    public Func<KeyValueKey, KeyValueEntry?, KeyValueEntry?> Read { get; set; } = (_, entry) => entry;

    public bool? Exclusive { get; set; }

    public int Calls { get; private set; }

    public bool IsExclusive => Exclusive ?? inner.IsExclusive;

    public Task<KeyValueEntry?> GetAsync(KeyValueKey key, CancellationToken cancellationToken) => Do("get", key, async () => Read(key, await inner.GetAsync(key, default)), cancellationToken);

    public Task<string?> SetAsync(KeyValueKey key, ReadOnlyMemory<byte> value, DateTimeOffset? expires, WriteCondition condition, CancellationToken cancellationToken) =>
        Do("set", key, () => inner.SetAsync(key, value, expires, condition, default), cancellationToken);

    public Task<bool> DeleteAsync(KeyValueKey key, string? etag, CancellationToken cancellationToken) => Do("delete", key, () => inner.DeleteAsync(key, etag, default), cancellationToken);

    public Task<int> DeleteManyAsync(IReadOnlyCollection<KeyValueKey> keys, CancellationToken cancellationToken) => Do("deleteMany", null, () => inner.DeleteManyAsync(keys, default), cancellationToken);

    public Task<int> DeletePartitionAsync(KeyValuePartition partition, CancellationToken cancellationToken) => Do("deletePartition", null, () => inner.DeletePartitionAsync(partition, default), cancellationToken);

    public Task<int> SweepAsync(int most, CancellationToken cancellationToken) => Do("sweep", null, () => inner.SweepAsync(most, default), cancellationToken);

    private async Task<T> Do<T>(string what, KeyValueKey? key, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        Calls++;
        await Before(what, key, cancellationToken);
        var result = await work();
        await After();
        return result;
    }
}
