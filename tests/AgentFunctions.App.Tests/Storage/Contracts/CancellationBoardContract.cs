using AgentFunctions.App.Durable;
using AgentFunctions.App.Storage;
using AgentFunctions.Conformance.Stores;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>The board of cancellations over any table.</summary>
public abstract class CancellationBoardContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ObservedTable table;
    private readonly InstantTime time = new();
    private readonly TableCancellationBoard board;

    /// <param name="table">An empty table.</param>
    private protected CancellationBoardContract(ITableClientPort table)
    {
        this.table = new ObservedTable(table);
        board = new TableCancellationBoard(this.table, time);
    }

    [ContractFact]
    public async Task Read_NothingPosted_IsNothing()
    {
        var cancelled = await board.ReadAsync("run", None);
        Assert.False(cancelled.All);
        Assert.Empty(cancelled.CallIds);
    }

    [ContractFact]
    public async Task Read_SeveralPostings_IsAllTheirCallsOfThatRunOnly()
    {
        await board.PostAsync(new CallCancellation("run", [3, 1]), None);
        await board.PostAsync(new CallCancellation("run", [int.MaxValue]), None);
        await board.PostAsync(new CallCancellation("other/run", [9]), None);
        var cancelled = await board.ReadAsync("run", None);
        Assert.Equal([1, 3, int.MaxValue], cancelled.CallIds.Order());
        Assert.False(cancelled.All);
        Assert.True((await board.ReadAsync("other/run", None)).Contains(9));
    }

    [ContractFact]
    public async Task Post_NoCalls_CancelsAll()
    {
        await board.PostAsync(new CallCancellation("run", []), None);
        Assert.True((await board.ReadAsync("run", None)).Contains(42));
    }

    [ContractFact]
    public async Task Post_Twice_SaysItOnce()
    {
        await board.PostAsync(new CallCancellation("run", [1, 2]), None);
        await board.PostAsync(new CallCancellation("run", [2, 1, 1]), None);
        Assert.Equal(1, await table.CountAsync());
    }

    [ContractFact]
    public async Task Post_ManyCalls_AreOneRow()
    {
        await board.PostAsync(new CallCancellation("run", [.. Enumerable.Range(0, 50_000)]), None);
        Assert.Equal(1, await table.CountAsync());
        Assert.Equal(50_000, (await board.ReadAsync("run", None)).CallIds.Count);
    }

    [ContractFact]
    public async Task Read_AnyInstanceId_IsItsOwn()
    {
        var ids = TextSamples.Keys.Distinct(StringComparer.Ordinal).ToList();
        for (var i = 0; i < ids.Count; i++) await board.PostAsync(new CallCancellation(ids[i], [i]), None);
        for (var i = 0; i < ids.Count; i++) Assert.Equal([i], (await board.ReadAsync(ids[i], None)).CallIds);
    }

    [ContractFact]
    public async Task Sweep_AfterItsTime_RemovesPostings()
    {
        await board.PostAsync(new CallCancellation("run", [1]), None);
        Assert.Equal(0, await board.SweepAsync(10, None));
        time.Advance(TableCancellationBoard.Kept);
        Assert.Equal(1, await board.SweepAsync(10, None));
        Assert.Equal(0, await table.CountAsync());
    }
}
