using AgentFunctions.App.Storage;
using AgentFunctions.Conformance.Stores;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>The key-value store over any table and any content store: what every store does, and what is the tables' own.</summary>
public abstract class TableStoreContract : KeyValueStoreContract
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

    protected override IKeyValueStore Store => store;

    [ContractFact]
    public async Task Get_WhatWasSet_TellsTheServicesClock()
    {
        await store.SetAsync(Key, "value"u8.ToArray(), null, WriteCondition.Always, None);

        // Which is not this test's.
        Assert.InRange((await store.GetAsync(Key, None))!.Written!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.False(((IKeyValueStore)store).IsExclusive);
    }

    protected override TimeProvider Time => time;

    protected override void Advance(TimeSpan by) => time.Advance(by);

    [ContractFact]
    public async Task Set_LengthsAroundARow_LongOnesGoToTheContentStore()
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

    [ContractFact]
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

    [ContractFact]
    public async Task Get_LongValueThatTheContentStoreLost_IsNull()
    {
        await store.SetAsync(Key, new byte[TableRows.MostValueBytes], null, WriteCondition.Always, None);
        Assert.Null(await new TableKeyValueStore(table, new MemoryContentStore(), time).GetAsync(Key, None));
    }

    [ContractFact]
    public async Task DeletePartition_Many_GoesInTransactionsOfAHundredAndLeavesTheRest()
    {
        for (var i = 0; i < 250; i++) await SetAsync($"k{i}", null);
        await store.SetAsync(new(new("tenant/1", "tool"), "k"), default, null, WriteCondition.Always, None);
        Assert.Equal(250, await store.DeletePartitionAsync(Partition, None));
        Assert.Equal((3, 0, 1), (table.Transactions, table.SingleDeletes, await table.CountAsync()));
    }

    [ContractFact]
    public async Task Sweep_ValueWrittenAnewMeanwhile_Stays()
    {
        for (var i = 0; i < 3; i++) await SetAsync($"k{i}", time.GetUtcNow());
        table.BeforeTransaction = () => store.SetAsync(new(Partition, "k1"), "fresh"u8.ToArray(), null, WriteCondition.Always, None);
        Assert.Equal(2, await store.SweepAsync(100, None));
        Assert.Equal("fresh"u8.ToArray(), (await store.GetAsync(new(Partition, "k1"), None))!.Value.ToArray());
    }

    private Task SetAsync(string key, DateTimeOffset? expires) => store.SetAsync(new(Partition, key), "v"u8.ToArray(), expires, WriteCondition.Always, None);
}
