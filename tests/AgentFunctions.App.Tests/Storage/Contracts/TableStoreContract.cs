using AgentFunctions.App.Storage;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>The key-value store over any table and any content store.</summary>
public abstract class TableStoreContract
{
    private static readonly KeyValuePartition Partition = new("tenant/1", "model");
    private static readonly KeyValueKey Key = new(Partition, "what is 1/2?");
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ObservedTable table;
    private readonly IContentStore content;
    private readonly InstantTime time = new();
    private readonly TableKeyValueStore store;

    /// <param name="table">An empty table.</param>
    /// <param name="content">Where long values go.</param>
    private protected TableStoreContract(ITableClientPort table, IContentStore content)
    {
        this.table = new ObservedTable(table);
        this.content = content;
        store = new TableKeyValueStore(this.table, content, time);
    }

    [StorageFact]
    public async Task Get_WhatWasSet_IsTheValueWithItsEtagAndEnd()
    {
        var expires = time.GetUtcNow().AddHours(1);
        var etag = await store.SetAsync(Key, "value"u8.ToArray(), expires, WriteCondition.Always, None);
        var entry = await store.GetAsync(Key, None);
        Assert.Equal("value"u8.ToArray(), entry!.Value.ToArray());
        Assert.Equal((expires, etag), (entry.Expires, entry.ETag));

        // The service's clock, which is not this test's.
        Assert.InRange(entry.Written!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.False(((IKeyValueStore)store).IsExclusive);
    }

    [StorageFact]
    public async Task Get_Unknown_IsNull() => Assert.Null(await store.GetAsync(Key, None));

    [StorageFact]
    public async Task Get_AtItsEnd_IsNullBeforeAnySweep()
    {
        await SetAsync("k", time.GetUtcNow().AddSeconds(10));
        time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.NotNull(await store.GetAsync(new(Partition, "k"), None));
        time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Null(await store.GetAsync(new(Partition, "k"), None));
        Assert.Equal(1, await table.CountAsync());
    }

    [StorageFact]
    public async Task Get_KeysThatDifferInOneRefusedCharacter_AreApart()
    {
        await store.SetAsync(new(Partition, "a/b"), "1"u8.ToArray(), null, WriteCondition.Always, None);
        await store.SetAsync(new(Partition, "a#b"), "2"u8.ToArray(), null, WriteCondition.Always, None);
        await store.SetAsync(new(new("other", "model"), "a/b"), "3"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.Equal("1"u8.ToArray(), (await store.GetAsync(new(Partition, "a/b"), None))!.Value.ToArray());
    }

    [StorageFact]
    public async Task Set_AnyLength_ReadsBack()
    {
        foreach (var length in (int[])[0, 1, TableRows.PartBytes - 1, TableRows.PartBytes, TableRows.MostValueBytes - 1, TableRows.MostValueBytes, 3 * 1024 * 1024])
        {
            var value = new byte[length];
            new Random(length).NextBytes(value);
            Assert.NotNull(await store.SetAsync(Key, value, null, WriteCondition.Always, None));
            var entry = await store.GetAsync(Key, None);
            Assert.True(entry!.Value.Span.SequenceEqual(value), $"{length} bytes came back as {entry.Value.Length}.");
            Assert.Equal(length >= TableRows.MostValueBytes, await content.ExistsAsync(ContentRef.Of(value), None));
        }
    }

    [StorageFact]
    public async Task Set_EveryKindOfKey_IsAKeyOfItsOwn()
    {
        var keys = TextSamples.Keys.Distinct(StringComparer.Ordinal).Select(k => new KeyValueKey(Partition, k)).ToList();
        for (var i = 0; i < keys.Count; i++) Assert.NotNull(await store.SetAsync(keys[i], BitConverter.GetBytes(i), null, WriteCondition.New, None));
        for (var i = 0; i < keys.Count; i++) Assert.Equal(i, BitConverter.ToInt32((await store.GetAsync(keys[i], None))!.Value.Span));
        Assert.True(await store.DeleteAsync(keys[0], null, None));
        Assert.Equal(keys.Count - 1, await store.DeleteManyAsync(keys, None));
        Assert.Equal(0, await table.CountAsync());
    }

    [StorageFact]
    public async Task Set_EveryKindOfPartition_IsAPartitionOfItsOwn()
    {
        var partitions = TextSamples.Keys.Distinct(StringComparer.Ordinal).Select(k => new KeyValuePartition(k, "/")).ToList();
        foreach (var partition in partitions) await store.SetAsync(new(partition, "k"), default, null, WriteCondition.New, None);
        foreach (var partition in partitions) Assert.Equal(1, await store.DeletePartitionAsync(partition, None));
        Assert.Equal(0, await table.CountAsync());
    }

    [StorageFact]
    public async Task Set_ManyWritersOfANewKey_OneWins()
    {
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.SetAsync(Key, new[] { (byte)i }, null, WriteCondition.New, None)));
        var won = Assert.Single(writes, w => w is not null);
        var entry = await store.GetAsync(Key, None);
        Assert.Equal((Array.IndexOf(writes, won), won), (entry!.Value.Span[0], entry.ETag));
    }

    [StorageFact]
    public async Task Set_ManyWritersThatReadAndAdd_LoseNoAddition()
    {
        await store.SetAsync(Key, BitConverter.GetBytes(0), null, WriteCondition.Always, None);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var added = 0; added < 5;)
            {
                var entry = (await store.GetAsync(Key, None))!;
                var next = BitConverter.GetBytes(BitConverter.ToInt32(entry.Value.Span) + 1);
                added += await store.SetAsync(Key, next, null, WriteCondition.Match(entry.ETag), None) is null ? 0 : 1;
            }
        }));
        Assert.Equal(20, BitConverter.ToInt32((await store.GetAsync(Key, None))!.Value.Span));
    }

    [StorageFact]
    public async Task Set_ManyWritersOverAnExpiredValue_OneWins()
    {
        await store.SetAsync(Key, "old"u8.ToArray(), time.GetUtcNow(), WriteCondition.Always, None);
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.SetAsync(Key, new[] { (byte)i }, null, WriteCondition.New, None)));
        Assert.Equal(Array.IndexOf(writes, Assert.Single(writes, w => w is not null)), (await store.GetAsync(Key, None))!.Value.Span[0]);
    }

    [StorageFact]
    public async Task Sweep_OfTheTimer_RemovesExpiredValuesAndCancellations()
    {
        var board = new TableCancellationBoard(table, time);
        for (var i = 0; i < 120; i++) await SetAsync($"old{i}", time.GetUtcNow());
        await SetAsync("new", time.GetUtcNow() + TableCancellationBoard.Kept + TimeSpan.FromMilliseconds(1));
        var runs = new Mock<IRunClient>();
        runs.Setup(r => r.ListAsync(It.IsAny<RunQuery>(), None)).ReturnsAsync(new RunPage([], null));
        var sweep = new StorageSweep(store, null, Options.Create(new SweepOptions()), time, NullLogger<StorageSweep>.Instance);
        Assert.Equal(new SweepResult(120, 0, 0), await sweep.RunAsync(runs.Object, None));
        await board.PostAsync(new("run", [1]), None);
        time.Advance(TableCancellationBoard.Kept);
        sweep = new StorageSweep(null, board, Options.Create(new SweepOptions()), time, NullLogger<StorageSweep>.Instance);
        Assert.Equal(new SweepResult(0, 1, 0), await sweep.RunAsync(runs.Object, None));
        Assert.Equal(1, await table.CountAsync());
    }

    [StorageFact]
    public async Task Get_LongValueThatTheContentStoreLost_IsNull()
    {
        await store.SetAsync(Key, new byte[TableRows.MostValueBytes], null, WriteCondition.Always, None);
        Assert.Null(await new TableKeyValueStore(table, new MemoryContentStore(), time).GetAsync(Key, None));
    }

    [StorageFact]
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

    [StorageFact]
    public async Task Set_Match_IsTakenOnceForAnEtag()
    {
        var first = await store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.NotNull(await store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Null(await store.SetAsync(Key, "3"u8.ToArray(), null, WriteCondition.Match(first!), None));
        Assert.Equal("2"u8.ToArray(), (await store.GetAsync(Key, None))!.Value.ToArray());
    }

    [StorageFact]
    public async Task Delete_WithAnEtag_NeedsThatEtag()
    {
        var etag = await store.SetAsync(Key, "1"u8.ToArray(), null, WriteCondition.Always, None);
        await store.SetAsync(Key, "2"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.False(await store.DeleteAsync(Key, etag, None));
        Assert.True(await store.DeleteAsync(Key, null, None));
        Assert.False(await store.DeleteAsync(Key, null, None));
    }

    [StorageFact]
    public async Task DeletePartition_Many_GoesInTransactionsOfAHundredAndLeavesTheRest()
    {
        for (var i = 0; i < 250; i++) await SetAsync($"k{i}", null);
        await store.SetAsync(new(new("tenant/1", "tool"), "k"), default, null, WriteCondition.Always, None);
        Assert.Equal(250, await store.DeletePartitionAsync(Partition, None));
        Assert.Equal((3, 0, 1), (table.Transactions, table.SingleDeletes, await table.CountAsync()));
    }

    [StorageFact]
    public async Task DeleteMany_SomeUnknownAndSomeTwice_CountsWhatWasThere()
    {
        await SetAsync("a", null);
        await SetAsync("b", null);
        await store.SetAsync(new(new("t", "tool"), "c"), default, null, WriteCondition.Always, None);
        Assert.Equal(3, await store.DeleteManyAsync([new(Partition, "a"), new(Partition, "a"), new(Partition, "b"), new(Partition, "gone"), new(new("t", "tool"), "c")], None));
        Assert.Equal(0, await table.CountAsync());
    }

    [StorageFact]
    public async Task Sweep_ExpiredOverPartitions_RemovesThemUpToTheMost()
    {
        for (var i = 0; i < 5; i++)
        {
            await store.SetAsync(new(new($"t{i}", "model"), "old1"), default, time.GetUtcNow(), WriteCondition.Always, None);
            await store.SetAsync(new(new($"t{i}", "model"), "old2"), default, time.GetUtcNow(), WriteCondition.Always, None);
            await store.SetAsync(new(new($"t{i}", "model"), "new"), default, time.GetUtcNow().AddMilliseconds(1), WriteCondition.Always, None);
            await store.SetAsync(new(new($"t{i}", "model"), "ever"), default, null, WriteCondition.Always, None);
        }

        Assert.Equal(7, await store.SweepAsync(7, None));
        Assert.Equal(3, await store.SweepAsync(7, None));
        Assert.Equal(0, await store.SweepAsync(7, None));
        Assert.Equal(10, await table.CountAsync());
    }

    [StorageFact]
    public async Task Sweep_ValueWrittenAnewMeanwhile_Stays()
    {
        for (var i = 0; i < 3; i++) await SetAsync($"k{i}", time.GetUtcNow());
        table.BeforeTransaction = () => store.SetAsync(new(Partition, "k1"), "fresh"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.Equal(2, await store.SweepAsync(100, None));
        Assert.Equal("fresh"u8.ToArray(), (await store.GetAsync(new(Partition, "k1"), None))!.Value.ToArray());
    }

    [StorageFact]
    public async Task Sweep_MostBelowOne_IsRefused() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.SweepAsync(0, None));

    private Task SetAsync(string key, DateTimeOffset? expires) => store.SetAsync(new(Partition, key), "v"u8.ToArray(), expires, WriteCondition.Always, None);
}
