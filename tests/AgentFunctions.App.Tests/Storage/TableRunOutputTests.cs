using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.App.Storage;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.App.Tests.Storage;

public sealed class TableRunOutputTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime time = new(start);
    private readonly CountedTable table = new();

    [Fact]
    public async Task Flush_Batch_IsOneRowAndReadsBackInOrder()
    {
        var worker = Worker();
        await AppendAsync(worker, [.. Enumerable.Range(0, 5000)]);
        await worker.FlushAsync("run/1", None);
        Assert.InRange(table.Writes, 2, 5);
        Assert.Equal(Enumerable.Range(0, 5000), await ReadAllAsync(worker.OpenReader("run/1", default)));
    }

    [Fact]
    public async Task Read_Resumed_GivesTheRestOnce()
    {
        var worker = Worker();
        List<int> read = [];
        var position = 0L;
        for (var round = 0; round < 5; round++)
        {
            await AppendAsync(worker, [.. Enumerable.Range(round * 3, 3)]);
            await worker.FlushAsync("run/1", None);
            using var reader = worker.OpenReader("run/1", new RunOutputStart(position, default));
            var page = await reader.ReadAsync(None);
            Assert.Null(page.Gap);
            read.AddRange(page.Entries.Select(Number));

            // In the middle of a batch, and at its end.
            position = page.Entries[round % 2 == 0 ? ^1 : ^2].Position;
            read = [.. read.Take(read.Count - (round % 2 == 0 ? 0 : 1))];
        }

        Assert.Equal(Enumerable.Range(0, read.Count), read);
    }

    [Fact]
    public async Task Flush_TwoWorkers_LoseNothingAndAgreeOnTheOrder()
    {
        var (one, other) = (Worker(), Worker());
        var reader = one.OpenReader("run/1", default);
        List<int> live = [];
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync(i % 3 == 0 ? one : other, i);
            await Task.WhenAll(one.FlushAsync("run/1", None).AsTask(), other.FlushAsync("run/1", None).AsTask());
            live.AddRange(await ReadAllAsync(reader));
        }

        Assert.Equal(Enumerable.Range(0, 40), live);
        Assert.Equal(live, await ReadAllAsync(other.OpenReader("run/1", default)));
    }

    [Fact]
    public async Task Flush_WorkersWhoseClocksDiffer_AgreeOnTheFirstNumber()
    {
        var late = new ManualTime(start);
        late.Advance(TimeSpan.FromMinutes(-5));
        var (one, other) = (Worker(), new TableRunOutput(table, new TableRunOutputOptions(), late, NullLogger<ForgivingRunOutput>.Instance));
        await AppendAsync(one, 1);
        await one.FlushAsync("run/1", None);
        var reader = one.OpenReader("run/1", default);
        Assert.Equal([1], await ReadAllAsync(reader));
        await AppendAsync(other, 2);
        await other.FlushAsync("run/1", None);
        Assert.Equal([2], await ReadAllAsync(reader));
    }

    [Fact]
    public async Task Flush_AnswerOfAWriteLost_WritesTheBatchOnce()
    {
        var worker = Worker();
        await AppendAsync(worker, 1);
        table.LoseAnswers = 1;
        await worker.FlushAsync("run/1", None);
        await AppendAsync(worker, 2);
        await worker.FlushAsync("run/1", None);
        Assert.Equal([1, 2], await ReadAllAsync(worker.OpenReader("run/1", default)));
    }

    [Fact]
    public async Task Flush_TableFails_RunGoesOnAndReadersHearOfTheGap()
    {
        var worker = Worker();
        await AppendAsync(worker, 1);
        await worker.FlushAsync("run/1", None);
        var reader = worker.OpenReader("run/1", default);
        Assert.Equal([1], await ReadAllAsync(reader));
        table.Failure = new IOException("The table is away.");
        await AppendAsync(worker, 2);
        await worker.FlushAsync("run/1", None);
        table.Failure = null;
        await AppendAsync(worker, 3);
        await worker.FlushAsync("run/1", None);
        var page = await reader.ReadAsync(None);
        Assert.NotNull(page.Gap);
        Assert.Equal([3], page.Entries.Select(Number));
    }

    [Fact]
    public async Task Sweep_OldRows_GoAndReadersHearOfTheGap()
    {
        var worker = Worker();
        await AppendAsync(worker, 1);
        await worker.FlushAsync("run/1", None);
        var reader = worker.OpenReader("run/1", default);
        var seen = (await reader.ReadAsync(None)).Entries[^1].Position;
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await worker.SweepAsync(100, None));
        await AppendAsync(worker, 2);
        await worker.FlushAsync("run/1", None);
        foreach (var from in (long[])[0, seen])
        {
            var page = await worker.OpenReader("run/1", new RunOutputStart(from, default)).ReadAsync(None);
            Assert.NotNull(page.Gap);
            Assert.Equal([2], page.Entries.Select(Number));
        }
    }

    [Fact]
    public async Task Remove_Run_TakesAllItsRows()
    {
        var worker = Worker();
        await AppendAsync(worker, 1, 2);
        await worker.FlushAsync("run/1", None);
        await worker.RemoveAsync("run/1", None);
        Assert.Equal(0, table.Count);
        table.Failure = new IOException("The table is away.");
        await worker.RemoveAsync("run/1", None);
    }

    [Fact]
    public async Task Wait_NothingComes_LooksLessOften()
    {
        var clock = new InstantTime();
        using var reader = new TableRunOutput(table, new TableRunOutputOptions(), clock, NullLogger<ForgivingRunOutput>.Instance).OpenReader("run/1", default);
        for (var i = 0; i < 5; i++)
        {
            await reader.ReadAsync(None);
            await reader.WaitAsync(None);
        }

        Assert.Equal([0.5, 1, 2, 2, 2], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Append_ManyTokens_CostFewTransactions()
    {
        var worker = Worker();
        for (var batch = 0; batch < 10; batch++)
        {
            await AppendAsync(worker, [.. Enumerable.Range(0, 100)]);
            await worker.FlushAsync("run/1", None);
        }

        // The anchor, and a row for each batch at most; one query and one read before the first.
        Assert.InRange(table.Writes, 2, 25);
        Assert.InRange(table.Queries, 1, 2);
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

    private static async Task AppendAsync(TableRunOutput worker, params int[] numbers)
    {
        foreach (var number in numbers) await worker.AppendAsync("run/1", "token", JsonElement.Parse(number.ToString(CultureInfo.InvariantCulture)), None);
    }

    private TableRunOutput Worker() => new(table, new TableRunOutputOptions(), time, NullLogger<ForgivingRunOutput>.Instance);

    /// <summary>A table that counts, fails on request, and can be written by several at once.</summary>
    private sealed class CountedTable : ITableClientPort
    {
        private readonly FakeTable inner = new();
        private readonly SemaphoreSlim turn = new(1);

        public int Writes { get; private set; }

        public int Queries { get; private set; }

        public int LoseAnswers { get; set; }

        public Exception? Failure { get; set; }

        public int Count => inner.QueryAsync(new TableQuery(), None).ToBlockingEnumerable().Count();

        public Task<TableRow?> GetAsync(string partitionKey, string rowKey, CancellationToken cancellationToken) => InTurnAsync(() => inner.GetAsync(partitionKey, rowKey, cancellationToken));

        public Task<string?> WriteAsync(TableRow row, WriteCondition condition, CancellationToken cancellationToken) => InTurnAsync(async () =>
        {
            Writes++;
            var etag = await inner.WriteAsync(row, condition, cancellationToken);
            return row.RowKey != RunOutputRow.AnchorKey && LoseAnswers-- > 0 ? null : etag;
        });

        public Task<bool> DeleteAsync(string partitionKey, RowDelete row, CancellationToken cancellationToken) => InTurnAsync(() => inner.DeleteAsync(partitionKey, row, cancellationToken));

        public Task<bool> TryDeleteBatchAsync(string partitionKey, IReadOnlyList<RowDelete> rows, CancellationToken cancellationToken) => InTurnAsync(() => inner.TryDeleteBatchAsync(partitionKey, rows, cancellationToken));

        public async IAsyncEnumerable<TableRow> QueryAsync(TableQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Queries++;
            foreach (var row in await InTurnAsync(() => Task.FromResult(inner.QueryAsync(query, cancellationToken).ToBlockingEnumerable(cancellationToken).ToList()))) yield return row;
        }

        private async Task<T> InTurnAsync<T>(Func<Task<T>> call)
        {
            await turn.WaitAsync();
            try
            {
                return Failure is null ? await call() : throw Failure;
            }
            finally
            {
                turn.Release();
            }
        }
    }
}
