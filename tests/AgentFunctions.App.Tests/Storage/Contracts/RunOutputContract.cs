using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.App.Storage;
using AgentFunctions.Conformance.Stores;
using AgentFunctions.Core.Results;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.App.Tests.Storage.Contracts;

/// <summary>Live output over any table: several workers that write a run, readers that come and go, purges and sweeps.</summary>
public abstract class RunOutputContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ManualTime time = new();
    private readonly ObservedTable table;

    /// <param name="table">An empty table.</param>
    private protected RunOutputContract(ITableClientPort table) => this.table = new ObservedTable(table);

    [ContractFact]
    public async Task Flush_TwoWorkersAtOnce_LoseNothingAndReadersAgree()
    {
        var (one, other) = (Worker(), Worker());
        using var reader = one.OpenReader("run/1", default);
        List<int> live = [];
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(one, "run/1", i);
            await AppendAsync(other, "run/1", 1000 + i);
            await Task.WhenAll(one.FlushAsync("run/1", None).AsTask(), other.FlushAsync("run/1", None).AsTask());
            live.AddRange(await ReadAllAsync(reader));
        }

        Assert.Equal(Enumerable.Range(0, 20), live.Where(number => number < 1000));
        Assert.Equal(Enumerable.Range(1000, 20), live.Where(number => number >= 1000));
        using var late = other.OpenReader("run/1", default);
        Assert.Equal(live, await ReadAllAsync(late));
    }

    [ContractFact]
    public async Task Read_FromAnyPosition_GivesTheRestOnce()
    {
        var worker = Worker();
        for (var batch = 0; batch < 3; batch++)
        {
            await AppendAsync(worker, "run/1", [.. Enumerable.Range(batch * 4, 4)]);
            await worker.FlushAsync("run/1", None);
        }

        using var whole = worker.OpenReader("run/1", default);
        var entries = (await whole.ReadAsync(None)).Entries;
        Assert.Equal(12, entries.Count);
        foreach (var (index, entry) in entries.Index())
        {
            using var resumed = worker.OpenReader("run/1", new RunOutputStart(entry.Position, default));
            Assert.Equal(Enumerable.Range(index + 1, 11 - index), await ReadAllAsync(resumed));
        }
    }

    [ContractFact]
    public async Task Flush_MoreThanARowHolds_ReadsBackInOrder()
    {
        var worker = Worker();
        await AppendAsync(worker, "run/1", [.. Enumerable.Range(0, 9000)]);
        var text = new string('x', 200_000);
        for (var i = 0; i < 4; i++) await worker.AppendAsync("run/1", "token", JsonSerializer.SerializeToElement(text), None);
        await worker.FlushAsync("run/1", None);
        using var reader = worker.OpenReader("run/1", default);
        var page = await reader.ReadAsync(None);
        Assert.Equal(Enumerable.Range(0, 9000), page.Entries.Take(9000).Select(Number));
        Assert.All(page.Entries.Skip(9000), entry => Assert.Equal(text, JsonDocument.Parse(entry.Data).RootElement.GetString()));
        Assert.Equal(9004, page.Entries.Count);
    }

    [ContractFact]
    public async Task Remove_Run_TakesItsRowsAndNoOthers()
    {
        var worker = Worker();
        foreach (var run in (string[])["run/1", "run/10", "run"])
        {
            await AppendAsync(worker, run, 1, 2);
            await worker.FlushAsync(run, None);
        }

        await worker.RemoveAsync("run/1", None);
        Assert.Empty(await table.RowsAsync(new TableQuery { PartitionKey = TableKeys.Escape("run/1") }));
        foreach (var run in (string[])["run/10", "run"])
        {
            using var reader = worker.OpenReader(run, default);
            Assert.Equal([1, 2], await ReadAllAsync(reader));
        }
    }

    [ContractFact]
    public async Task Sweep_OldRows_GoAndYoungOnesStay()
    {
        var worker = Worker();
        await AppendAsync(worker, "run/1", 1);
        await worker.FlushAsync("run/1", None);
        using var reader = worker.OpenReader("run/1", default);
        Assert.Equal([1], await ReadAllAsync(reader));
        time.Advance(TimeSpan.FromHours(23));
        await AppendAsync(worker, "run/1", 2);
        await worker.FlushAsync("run/1", None);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await worker.SweepAsync(100, None));
        Assert.Equal(0, await worker.SweepAsync(100, None));
        Assert.Equal([2], await ReadAllAsync(reader));

        using var late = worker.OpenReader("run/1", default);
        var page = await late.ReadAsync(None);
        Assert.NotNull(page.Gap);
        Assert.Equal([2], page.Entries.Select(Number));
    }

    private static int Number(RunOutputEntry entry) => int.Parse(Encoding.UTF8.GetString(entry.Data.Span), CultureInfo.InvariantCulture);

    private static async Task<List<int>> ReadAllAsync(IRunOutputReader reader)
    {
        List<int> numbers = [];
        while (await reader.ReadAsync(None) is { IsEmpty: false } page)
        {
            Assert.Null(page.Gap);
            numbers.AddRange(page.Entries.Select(Number));
        }

        return numbers;
    }

    private static async Task AppendAsync(TableRunOutput worker, string run, params int[] numbers)
    {
        foreach (var number in numbers) await worker.AppendAsync(run, "token", JsonElement.Parse(number.ToString(CultureInfo.InvariantCulture)), None);
    }

    private TableRunOutput Worker() => new(table, new TableRunOutputOptions(), time, NullLogger<ForgivingRunOutput>.Instance);
}
