using AgentFunctions.App.Storage;
using AgentFunctions.Conformance.Stores;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>What every table behind the port does: the one in memory and Azure's.</summary>
public abstract class TablePortContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Time = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
    private readonly ObservedTable table;
    private readonly Type refusal;

    /// <param name="table">An empty table.</param>
    /// <param name="refusal">What it throws for what tables do not take.</param>
    private protected TablePortContract(ITableClientPort table, Type refusal) => (this.table, this.refusal) = (new ObservedTable(table), refusal);

    [ContractFact]
    public async Task Write_EveryType_ReadsBackWithItsTypeAndEtag()
    {
        var properties = new Dictionary<string, object>
        {
            ["Bytes"] = new byte[] { 0, 255, 1 }, ["NoBytes"] = Array.Empty<byte>(), ["Text"] = "é中😀 'q' \u0001", ["NoText"] = "",
            ["Int"] = int.MinValue, ["Long"] = long.MaxValue, ["Time"] = Time.AddTicks(1234567), ["Last"] = DateTimeOffset.MaxValue,
        };
        var etag = await table.WriteAsync(new TableRow("p", "r") { Properties = properties }, WriteCondition.New, None);
        var row = await table.GetAsync("p", "r", None);
        Assert.Equal(("p", "r", etag), (row!.PartitionKey, row.RowKey, row.ETag));
        foreach (var (name, value) in properties) Assert.Equal(value, row.Properties[name]);
        var found = Assert.Single(await table.RowsAsync(new TableQuery()));
        Assert.Equal(etag, found.ETag);
        foreach (var (name, value) in properties) Assert.Equal(value, found.Properties[name]);
    }

    [ContractFact]
    public async Task Get_Unknown_IsNull() => Assert.Null(await table.GetAsync("p", "r", None));

    [ContractFact]
    public async Task Write_New_IsRefusedWhereThereIsARow()
    {
        Assert.NotNull(await table.WriteAsync(Row("r", 1), WriteCondition.New, None));
        Assert.Null(await table.WriteAsync(Row("r", 2), WriteCondition.New, None));
        Assert.Equal(1, (await table.GetAsync("p", "r", None))!.Properties["N"]);
    }

    [ContractFact]
    public async Task Write_Match_NeedsTheRowWithThatEtag()
    {
        var first = await table.WriteAsync(Row("r", 1), WriteCondition.Always, None);
        var second = await table.WriteAsync(Row("r", 2), WriteCondition.Match(first!), None);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await table.WriteAsync(Row("r", 3), WriteCondition.Match(first!), None));
        Assert.Null(await table.WriteAsync(Row("gone", 3), WriteCondition.Match(first!), None));
        Assert.Equal((2, second), ((int)(await table.GetAsync("p", "r", None))!.Properties["N"], (await table.GetAsync("p", "r", None))!.ETag));
    }

    [ContractFact]
    public async Task Write_OverARow_LeavesNoneOfItsProperties()
    {
        await table.WriteAsync(new TableRow("p", "r") { Properties = new Dictionary<string, object> { ["Old"] = 1, ["ExpiresAt"] = Time } }, WriteCondition.Always, None);
        var etag = await table.WriteAsync(Row("r", 2), WriteCondition.Always, None);
        Assert.DoesNotContain("Old", (await table.GetAsync("p", "r", None))!.Properties.Keys);
        Assert.NotNull(await table.WriteAsync(new TableRow("p", "r"), WriteCondition.Match(etag!), None));
        Assert.DoesNotContain("N", (await table.GetAsync("p", "r", None))!.Properties.Keys);
    }

    [ContractFact]
    public async Task Delete_Row_NeedsTheRowAndItsEtag()
    {
        var old = await table.WriteAsync(Row("r", 1), WriteCondition.Always, None);
        var etag = await table.WriteAsync(Row("r", 2), WriteCondition.Always, None);
        Assert.False(await table.DeleteAsync("p", new RowDelete("r", old), None));
        Assert.True(await table.DeleteAsync("p", new RowDelete("r", etag), None));
        Assert.False(await table.DeleteAsync("p", new RowDelete("r", etag), None));
        Assert.False(await table.DeleteAsync("p", new RowDelete("r", null), None));
    }

    [ContractFact]
    public async Task DeleteBatch_OneGoneOrChanged_DeletesNothing()
    {
        var one = await table.WriteAsync(Row("1", 1), WriteCondition.Always, None);
        var old = await table.WriteAsync(Row("2", 2), WriteCondition.Always, None);
        var two = await table.WriteAsync(Row("2", 3), WriteCondition.Always, None);
        Assert.False(await table.TryDeleteBatchAsync("p", [new("1", one), new("2", old)], None));
        Assert.False(await table.TryDeleteBatchAsync("p", [new("1", null), new("gone", null)], None));
        Assert.Equal(2, await table.CountAsync());
        Assert.True(await table.TryDeleteBatchAsync("p", [new("1", null), new("2", two)], None));
        Assert.Equal(0, await table.CountAsync());
    }

    [ContractFact]
    public async Task DeleteBatch_OfTheMost_DeletesAll()
    {
        for (var i = 0; i < ITableClientPort.MostInBatch; i++) await table.WriteAsync(Row($"{i}", i), WriteCondition.Always, None);
        Assert.True(await table.TryDeleteBatchAsync("p", [.. Enumerable.Range(0, ITableClientPort.MostInBatch).Select(i => new RowDelete($"{i}", null))], None));
        Assert.Equal(0, await table.CountAsync());
    }

    [ContractFact]
    public async Task Query_Partition_IsItsRowsInOrderOverPages()
    {
        string[] keys = ["-", ".", "1", "10", "2", "A", "B", "_", "a", "b", "~"];
        foreach (var key in keys.Reverse()) await table.WriteAsync(Row(key, 1), WriteCondition.Always, None);
        await table.WriteAsync(new TableRow("P", "other case"), WriteCondition.Always, None);
        await table.WriteAsync(new TableRow("p!", "longer"), WriteCondition.Always, None);
        Assert.Equal(keys, (await table.RowsAsync(new TableQuery { PartitionKey = "p", PageSize = 2 })).Select(r => r.RowKey));
        Assert.Empty(await table.RowsAsync(new TableQuery { PartitionKey = "it's not there" }));
    }

    [ContractFact]
    public async Task Query_RowKeyAfter_IsTheRestInTheOrderOfBytes()
    {
        string[] keys = ["'", "1", "10", "2", "A", "B", "_", "a", "b", "it's", "~"];
        foreach (var key in keys) await table.WriteAsync(Row(key, 1), WriteCondition.Always, None);
        await table.WriteAsync(new TableRow("q", "b"), WriteCondition.Always, None);
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(keys[(i + 1)..], (await table.RowsAsync(new TableQuery { PartitionKey = "p", RowKeyAfter = keys[i], PageSize = 3 })).Select(r => r.RowKey));
        }

        Assert.Equal(keys[1..], (await table.RowsAsync(new TableQuery { PartitionKey = "p", RowKeyAfter = "0", KeysOnly = true })).Select(r => r.RowKey));
        Assert.Equal(["b", "it's", "~", "b"], (await table.RowsAsync(new TableQuery { RowKeyAfter = "a" })).Select(r => r.RowKey));
    }

    [ContractFact]
    public async Task Query_KeysOnly_HasTheEtag()
    {
        var etag = await table.WriteAsync(Row("r", 1), WriteCondition.Always, None);
        var row = Assert.Single(await table.RowsAsync(new TableQuery { KeysOnly = true }));
        Assert.Equal(("p", "r", etag), (row.PartitionKey, row.RowKey, row.ETag));
        Assert.DoesNotContain("N", row.Properties.Keys);
    }

    [ContractFact]
    public async Task Query_Expired_IsToTheMillisecondAndWithoutRowsThatNeverEnd()
    {
        // Azure compares ticks; Azurite keeps them and compares milliseconds.
        foreach (var (key, away) in new[] { ("before", -1), ("at", 0), ("after", 1) })
        {
            await table.WriteAsync(TableRows.Of($"p{key}", key, default, Time.AddMilliseconds(away)), WriteCondition.Always, None);
        }

        await table.WriteAsync(TableRows.Of("pbefore", "never", default, null), WriteCondition.Always, None);
        Assert.Equal(["at", "before"], (await table.RowsAsync(new TableQuery { ExpiredAt = Time, PageSize = 1 })).Select(r => r.RowKey));
        Assert.Equal(["before"], (await table.RowsAsync(new TableQuery { PartitionKey = "pbefore", ExpiredAt = Time, KeysOnly = true })).Select(r => r.RowKey));
    }

    [ContractFact]
    public async Task Write_LargestRow_IsTaken()
    {
        var value = new byte[TableRows.MostValueBytes];
        new Random(1).NextBytes(value);
        var (partition, row) = (TableKeys.Join(new string('p', TableKeys.Longest), new string('q', TableKeys.Longest)), new string('r', TableKeys.Longest));
        Assert.NotNull(await table.WriteAsync(TableRows.Of(partition, row, value, Time), WriteCondition.Always, None));
        Assert.True(TableRows.ValueOf((await table.GetAsync(partition, row, None))!).AsSpan().SequenceEqual(value));
    }

    [ContractFact]
    public async Task Write_PropertyOver64KiB_IsRefused()
    {
        await table.WriteAsync(new TableRow("p", "r") { Properties = new Dictionary<string, object> { ["V"] = new byte[TableRows.PartBytes] } }, WriteCondition.Always, None);
        await AssertRefusedAsync(new TableRow("p", "r2") { Properties = new Dictionary<string, object> { ["V"] = new byte[TableRows.PartBytes + 1] } });
    }

    [ContractFact]
    public Task Write_RowOver1MiB_IsRefused() =>
        AssertRefusedAsync(new TableRow("p", "r") { Properties = Enumerable.Range(0, 16).ToDictionary(i => $"V{i}", _ => (object)new byte[TableRows.PartBytes]) });

    [ContractFact]
    public async Task Write_KeysThatTablesRefuse_AreRefused()
    {
        foreach (var key in (string[])["a/b", "a\\b", "a#b", "a?b", "a\tb", "a\u0085b", new('k', 513)])
        {
            await AssertRefusedAsync(new TableRow("p", key));
            await AssertRefusedAsync(new TableRow(key, "r"));
        }
    }

    [ContractFact]
    public async Task Write_ManyAtOnce_OneIsNewAndOneMatches()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => table.WriteAsync(Row("r", i), WriteCondition.New, None)));
        var etag = Assert.Single(added, e => e is not null);
        Assert.Equal(Array.IndexOf(added, etag), (await table.GetAsync("p", "r", None))!.Properties["N"]);
        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => table.WriteAsync(Row("r", 10 + i), WriteCondition.Match(etag!), None)));
        Assert.Equal(10 + Array.IndexOf(changed, Assert.Single(changed, e => e is not null)), (await table.GetAsync("p", "r", None))!.Properties["N"]);
    }

    private static TableRow Row(string key, int number) => new("p", key) { Properties = new Dictionary<string, object> { ["N"] = number } };

    private async Task AssertRefusedAsync(TableRow row)
    {
        Assert.IsAssignableFrom(refusal, await Record.ExceptionAsync(() => table.WriteAsync(row, WriteCondition.Always, None)));
        Assert.DoesNotContain(await table.RowsAsync(new TableQuery()), r => r.RowKey == row.RowKey && r.PartitionKey == row.PartitionKey);
    }
}
