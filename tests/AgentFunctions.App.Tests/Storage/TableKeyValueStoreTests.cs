using AgentFunctions.App.Storage;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Tests.Storage;

public sealed class TableKeyValueStoreTests
{
    private static readonly KeyValuePartition Partition = new("tenant/1", "model");
    private static readonly KeyValueKey Key = new(Partition, "what is 1/2?");
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTable table = new();
    private readonly MemoryContentStore content = new();
    private readonly InstantTime time = new();
    private readonly TableKeyValueStore store;

    public TableKeyValueStoreTests() => store = new TableKeyValueStore(table, content, time);

    [Fact]
    public async Task Get_WhatWasSet_IsTheValueWithItsEtagAndEnd()
    {
        var expires = time.GetUtcNow().AddHours(1);
        var etag = await store.SetAsync(Key, "value"u8.ToArray(), expires, WriteCondition.Always, None);
        var entry = await store.GetAsync(Key, None);
        Assert.Equal("value"u8.ToArray(), entry!.Value.ToArray());
        Assert.Equal((expires, etag), (entry.Expires, entry.ETag));
    }

    [Fact]
    public async Task Get_Unknown_IsNull() => Assert.Null(await store.GetAsync(Key, None));

    [Fact]
    public async Task Get_AtItsEnd_IsNullBeforeAnySweep()
    {
        await SetAsync("k", time.GetUtcNow().AddSeconds(10));
        time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.NotNull(await store.GetAsync(new(Partition, "k"), None));
        time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Null(await store.GetAsync(new(Partition, "k"), None));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public async Task Get_KeysThatDifferInOneRefusedCharacter_AreApart()
    {
        await store.SetAsync(new(Partition, "a/b"), "1"u8.ToArray(), null, WriteCondition.Always, None);
        await store.SetAsync(new(Partition, "a#b"), "2"u8.ToArray(), null, WriteCondition.Always, None);
        await store.SetAsync(new(new("other", "model"), "a/b"), "3"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.Equal("1"u8.ToArray(), (await store.GetAsync(new(Partition, "a/b"), None))!.Value.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(TableRows.MostValueBytes - 1)]
    [InlineData(TableRows.MostValueBytes)]
    [InlineData(3 * 1024 * 1024)]
    public async Task Set_AnyLength_ReadsBack(int length)
    {
        var value = new byte[length];
        new Random(1).NextBytes(value);
        Assert.NotNull(await store.SetAsync(Key, value, null, WriteCondition.Always, None));
        var entry = await store.GetAsync(Key, None);
        Assert.True(entry!.Value.Span.SequenceEqual(value));
        Assert.Equal(length >= TableRows.MostValueBytes ? 1 : 0, content.Count);
    }

    [Fact]
    public async Task Get_LongValueThatTheContentStoreLost_IsNull()
    {
        await store.SetAsync(Key, new byte[TableRows.MostValueBytes], null, WriteCondition.Always, None);
        Assert.Null(await new TableKeyValueStore(table, new MemoryContentStore(), time).GetAsync(Key, None));
    }

    [Fact]
    public async Task Set_New_IsRefusedWhereThereIsAValueAndTakenWhereItHasExpired()
    {
        var value = "v"u8.ToArray();
        var end = time.GetUtcNow().AddMinutes(1);
        Assert.NotNull(await store.SetAsync(Key, value, end, WriteCondition.New, None));
        Assert.Null(await store.SetAsync(Key, value, end, WriteCondition.New, None));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await store.SetAsync(Key, "w"u8.ToArray(), null, WriteCondition.New, None));
        Assert.Equal("w"u8.ToArray(), (await store.GetAsync(Key, None))!.Value.ToArray());
    }

    [Fact]
    public async Task Set_Match_IsTakenOnceForAnEtag()
    {
        var first = await store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.NotNull(await store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Null(await store.SetAsync(Key, "3"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Equal("2"u8.ToArray(), (await store.GetAsync(Key, None))!.Value.ToArray());
    }

    [Fact]
    public async Task Delete_WithAnEtag_NeedsThatEtag()
    {
        var etag = await store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        await store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.False(await store.DeleteAsync(Key, etag, None));
        Assert.True(await store.DeleteAsync(Key, null, None));
        Assert.False(await store.DeleteAsync(Key, null, None));
    }

    [Fact]
    public async Task DeletePartition_Many_GoesInTransactionsOfAHundredAndLeavesTheRest()
    {
        for (var i = 0; i < 250; i++) await SetAsync($"k{i}", null);
        await store.SetAsync(new(new("tenant/1", "tool"), "k"), default, null, WriteCondition.Always, None);
        Assert.Equal(250, await store.DeletePartitionAsync(Partition, None));
        Assert.Equal((3, 0, 1), (table.Transactions, table.SingleDeletes, table.Count));
    }

    [Fact]
    public async Task DeleteMany_SomeUnknownAndSomeTwice_CountsWhatWasThere()
    {
        await SetAsync("a", null);
        await SetAsync("b", null);
        await store.SetAsync(new(new("t", "tool"), "c"), default, null, WriteCondition.Always, None);
        Assert.Equal(3, await store.DeleteManyAsync([new(Partition, "a"), new(Partition, "a"), new(Partition, "b"), new(Partition, "gone"), new(new("t", "tool"), "c")], None));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public async Task Sweep_ExpiredOverPartitions_RemovesThemUpToTheMost()
    {
        for (var i = 0; i < 5; i++)
        {
            await store.SetAsync(new(new($"t{i}", "model"), "old1"), default, time.GetUtcNow(), WriteCondition.Always, None);
            await store.SetAsync(new(new($"t{i}", "model"), "old2"), default, time.GetUtcNow(), WriteCondition.Always, None);
            await store.SetAsync(new(new($"t{i}", "model"), "new"), default, time.GetUtcNow().AddTicks(1), WriteCondition.Always, None);
            await store.SetAsync(new(new($"t{i}", "model"), "ever"), default, null, WriteCondition.Always, None);
        }

        Assert.Equal(7, await store.SweepAsync(7, None));
        Assert.Equal(3, await store.SweepAsync(7, None));
        Assert.Equal(0, await store.SweepAsync(7, None));
        Assert.Equal(10, table.Count);
    }

    [Fact]
    public async Task Sweep_ValueWrittenAnewMeanwhile_Stays()
    {
        for (var i = 0; i < 3; i++) await SetAsync($"k{i}", time.GetUtcNow());
        table.BeforeTransaction = t =>
        {
            t.BeforeTransaction = null;
            _ = store.SetAsync(new(Partition, "k1"), "fresh"u8.ToArray(), null, WriteCondition.Always, None);
        };
        Assert.Equal(2, await store.SweepAsync(100, None));
        Assert.Equal("fresh"u8.ToArray(), (await store.GetAsync(new(Partition, "k1"), None))!.Value.ToArray());
    }

    [Fact]
    public async Task Sweep_MostBelowOne_IsRefused() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.SweepAsync(0, None));

    private Task SetAsync(string key, DateTimeOffset? expires) => store.SetAsync(new(Partition, key), "v"u8.ToArray(), expires, WriteCondition.Always, None);
}
