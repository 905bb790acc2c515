using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Tests.Stores;

public sealed class MemoryKeyValueStoreTests
{
    private static readonly KeyValuePartition Partition = new("acme", "model");
    private readonly ManualTime time = new();

    [Fact]
    public async Task GetAsync_ValueWasSet_GivesItsBytesETagAndTheStoresClock()
    {
        var store = new MemoryKeyValueStore(time);
        time.Advance(TimeSpan.FromMinutes(3));
        var etag = await store.SetAsync(Key("a"), new byte[] { 1, 2 }, time.GetUtcNow().AddMinutes(1), WriteCondition.Always, default);

        var entry = await store.GetAsync(Key("a"), default);

        Assert.NotNull(entry);
        Assert.Equal([1, 2], entry.Value.ToArray());
        Assert.Equal(etag, entry.ETag);
        Assert.Equal(time.GetUtcNow(), entry.Written);
        Assert.True(store.IsExclusive);
    }

    [Fact]
    public async Task SetAsync_ConditionDoesNotHold_ChangesNothing()
    {
        var store = new MemoryKeyValueStore(time);
        var first = await store.SetAsync(Key("a"), new byte[] { 1 }, null, WriteCondition.New, default);
        var second = await store.SetAsync(Key("a"), new byte[] { 2 }, null, WriteCondition.Match(first!), default);

        Assert.Null(await store.SetAsync(Key("a"), new byte[] { 3 }, null, WriteCondition.New, default));
        Assert.Null(await store.SetAsync(Key("a"), new byte[] { 3 }, null, WriteCondition.Match(first!), default));
        Assert.Null(await store.SetAsync(Key("b"), new byte[] { 3 }, null, WriteCondition.Match(first!), default));
        Assert.NotEqual(first, second);
        Assert.Equal([2], (await store.GetAsync(Key("a"), default))!.Value.ToArray());
    }

    [Fact]
    public async Task GetAsync_ValueHasExpired_IsNoneAndMayBeWrittenAsNew()
    {
        var store = new MemoryKeyValueStore(time);
        await store.SetAsync(Key("a"), new byte[] { 1 }, time.GetUtcNow().AddSeconds(1), WriteCondition.Always, default);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await store.GetAsync(Key("a"), default));
        Assert.False(await store.DeleteAsync(Key("a"), null, default));
        Assert.NotNull(await store.SetAsync(Key("a"), new byte[] { 2 }, null, WriteCondition.New, default));
        Assert.Equal(1, store.Bytes);
    }

    [Fact]
    public async Task SetAsync_MoreThanItKeeps_DropsTheOldestThatWouldEndByThemselves()
    {
        var store = new MemoryKeyValueStore(time, mostBytes: 100);
        await store.SetAsync(Key("for ever"), new byte[50], null, WriteCondition.Always, default);
        for (var i = 0; i < 5; i++) await store.SetAsync(Key($"{i}"), new byte[20], time.GetUtcNow().AddHours(1), WriteCondition.Always, default);

        Assert.Equal(90, store.Bytes);
        Assert.NotNull(await store.GetAsync(Key("for ever"), default));
        Assert.Null(await store.GetAsync(Key("2"), default));
        Assert.NotNull(await store.GetAsync(Key("3"), default));
        Assert.NotNull(await store.GetAsync(Key("4"), default));
    }

    [Fact]
    public async Task Removals_CountWhatTheyRemove()
    {
        var store = new MemoryKeyValueStore(time);
        var other = new KeyValueKey(new("acme", "tool"), "a");
        var etag = await store.SetAsync(Key("a"), new byte[1], null, WriteCondition.Always, default);
        await store.SetAsync(Key("b"), new byte[1], null, WriteCondition.Always, default);
        await store.SetAsync(Key("c"), new byte[1], time.GetUtcNow().AddSeconds(1), WriteCondition.Always, default);
        await store.SetAsync(other, new byte[1], null, WriteCondition.Always, default);

        Assert.False(await store.DeleteAsync(Key("a"), "none", default));
        Assert.True(await store.DeleteAsync(Key("a"), etag, default));
        Assert.Equal(1, await store.DeleteManyAsync([Key("a"), Key("b")], default));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await store.SweepAsync(10, default));
        Assert.Equal(0, await store.SweepAsync(10, default));
        Assert.Equal(1, await store.DeletePartitionAsync(other.Partition, default));
        Assert.Equal((0, 0L), (store.Count, store.Bytes));
    }

    private static KeyValueKey Key(string key) => new(Partition, key);
}
