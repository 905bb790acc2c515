using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Tests.Tools;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Results;

public sealed class MemoryRunOutputTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ManualTime time = new();

    [Fact]
    public void AnyInterleaving_OfAppendsReadsAndReconnects_LosesNothingWithoutAGap() =>
        Prop.ForAll(Gen.Choose(0, 5).ArrayOf().ToArbitrary(), Gen.Choose(1024, 2400).ToArbitrary(), (steps, bytes) => Holds(steps, bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Read_AfterAPosition_GivesWhatCameSince()
    {
        var store = new MemoryRunOutput(time: time);
        await AppendAsync(store, "run", 1, 2, 3);
        using var first = Open(store, "run");
        var page = await first.ReadAsync(None);
        Assert.Equal(["1", "2", "3"], Texts(page));
        Assert.Null(page.Gap);
        Assert.True((await first.ReadAsync(None)).IsEmpty);

        using var resumed = Open(store, "run", page.Entries[1].Position);
        Assert.Equal(["3"], Texts(await resumed.ReadAsync(None)));
        Assert.True(page.Entries.Zip(page.Entries.Skip(1)).All(pair => pair.First.Position < pair.Second.Position));
    }

    [Fact]
    public async Task Read_ManyEntries_ComeInPages()
    {
        var store = new MemoryRunOutput(time: time);
        await AppendAsync(store, "run", [.. Enumerable.Range(1, 1300)]);
        using var reader = Open(store, "run");
        List<int> counts = [];
        for (var i = 0; i < 4; i++) counts.Add((await reader.ReadAsync(None)).Entries.Count);
        Assert.Equal([512, 512, 276, 0], counts);
    }

    [Fact]
    public async Task Wait_UntilSomethingComes_EndsThen()
    {
        var store = new MemoryRunOutput(time: time);
        using var reader = Open(store, "run");
        using var other = Open(store, "run");
        var (waiting, elsewhere) = (reader.WaitAsync(None), other.WaitAsync(None));
        await AppendAsync(store, "another", 1);
        Assert.False(waiting.IsCompleted);
        await AppendAsync(store, "run", 1);
        await Task.WhenAll(waiting, elsewhere).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(reader.WaitAsync(None).IsCompletedSuccessfully);
        await reader.ReadAsync(None);
        Assert.False(reader.WaitAsync(None).IsCompleted);
    }

    [Fact]
    public async Task Wait_GivenUp_Ends()
    {
        using var reader = Open(new MemoryRunOutput(time: time), "run");
        using var stop = new CancellationTokenSource();
        var waiting = reader.WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Append_OverTheBoundOfARun_DropsItsOldestAndSaysSo()
    {
        var store = new MemoryRunOutput(new RunOutputOptions { MaxRunBytes = 1024 }, time);
        using var slow = Open(store, "run");
        await AppendAsync(store, "run", 1);
        Assert.Equal(["1"], Texts(await slow.ReadAsync(None)));
        await AppendAsync(store, "run", [.. Enumerable.Range(2, 99)]);
        var page = await slow.ReadAsync(None);
        Assert.NotNull(page.Gap);
        Assert.Equal("100", Texts(page)[^1]);
        Assert.Equal(page.Gap + 1, page.Entries[0].Position);
        Assert.True(store.Bytes <= 1024);

        using var late = Open(store, "run");
        Assert.NotNull((await late.ReadAsync(None)).Gap);
    }

    [Fact]
    public async Task Append_OverTheBoundOfAll_DropsEndedRunsFirst()
    {
        var store = new MemoryRunOutput(new RunOutputOptions { MaxRunBytes = 2048, MaxBytes = 6000 }, time, (id, _) => ValueTask.FromResult(id == "ended"));
        await AppendAsync(store, "open", [.. Enumerable.Range(0, 15)]);
        await AppendAsync(store, "ended", [.. Enumerable.Range(0, 15)]);
        for (var i = 0; i < 3; i++) await AppendAsync(store, $"new{i}", [.. Enumerable.Range(0, 12)]);

        using var open = Open(store, "open");
        using var ended = Open(store, "ended");
        Assert.Equal(15, (await open.ReadAsync(None)).Entries.Count);
        var page = await ended.ReadAsync(None);
        Assert.Empty(page.Entries);
        Assert.NotNull(page.Gap);
        Assert.True(store.Bytes <= 6000);
    }

    [Fact]
    public async Task Append_NoRunHasEnded_DropsTheLongestSilent()
    {
        var store = new MemoryRunOutput(new RunOutputOptions { MaxRunBytes = 2048, MaxBytes = 4096 }, time, (_, _) => ValueTask.FromResult(false));
        await AppendAsync(store, "old", [.. Enumerable.Range(0, 15)]);
        await AppendAsync(store, "new", [.. Enumerable.Range(0, 15)]);
        await AppendAsync(store, "newest", [.. Enumerable.Range(0, 20)]);
        using var old = Open(store, "old");
        using var newest = Open(store, "newest");
        Assert.Empty((await old.ReadAsync(None)).Entries);
        Assert.NotEmpty((await newest.ReadAsync(None)).Entries);
        Assert.True(store.Bytes <= 4096);
    }

    [Fact]
    public async Task Read_AfterARestart_SaysThatOutputIsGone()
    {
        var store = new MemoryRunOutput(time: time);
        var created = time.GetUtcNow();
        await AppendAsync(store, "run", 1, 2);
        using var before = Open(store, "run");
        var seen = (await before.ReadAsync(None)).Entries[^1].Position;
        time.Advance(TimeSpan.FromSeconds(1));

        var restarted = new MemoryRunOutput(time: time);
        using var resumed = Open(restarted, "run", seen, created);
        var gap = await resumed.ReadAsync(None);
        Assert.NotNull(gap.Gap);
        Assert.Empty(gap.Entries);
        Assert.True((await resumed.ReadAsync(None)).IsEmpty);

        // Told once: neither what comes nor another connection hears of it again.
        await AppendAsync(restarted, "run", 3);
        using var again = Open(restarted, "run", gap.Gap.Value, created);
        foreach (var reader in (IRunOutputReader[])[resumed, again])
        {
            var page = await reader.ReadAsync(None);
            Assert.Null(page.Gap);
            Assert.Equal(["3"], Texts(page));
        }

        using var fresh = Open(restarted, "run", 0, created);
        Assert.NotNull((await fresh.ReadAsync(None)).Gap);
        using var never = Open(restarted, "silent", 0, created);
        Assert.True((await never.ReadAsync(None)).IsEmpty);
    }

    [Fact]
    public async Task Read_PositionFromNowhere_BeginsAnewWithAGap()
    {
        var store = new MemoryRunOutput(time: time);
        await AppendAsync(store, "run", 1);
        using var reader = Open(store, "run", long.MaxValue);
        var page = await reader.ReadAsync(None);
        Assert.NotNull(page.Gap);
        Assert.Equal(["1"], Texts(page));
    }

    [Fact]
    public async Task Remove_Run_TakesItsSubOrchestrationsAndLeavesOthers()
    {
        var store = new MemoryRunOutput(time: time);
        foreach (var id in (string[])["run", "run:0001", "run2"]) await AppendAsync(store, id, 1);
        await store.RemoveAsync("run", None);
        List<int> counts = [];
        foreach (var id in (string[])["run", "run:0001", "run2"]) counts.Add((await Open(store, id).ReadAsync(None)).Entries.Count);
        Assert.Equal([0, 0, 1], counts);
        await AppendAsync(store, "run", 2);
        Assert.Equal(["2"], Texts(await Open(store, "run").ReadAsync(None)));
    }

    [Fact]
    public async Task Append_DataOverLines_IsKeptOnOne()
    {
        var store = new MemoryRunOutput(time: time);
        await store.AppendAsync("run", "token", JsonElement.Parse("{\n  \"text\": \"ä\\n\"\r\n}"), None);
        Assert.Equal("""{"text":"ä\n"}""", Encoding.UTF8.GetString((await Open(store, "run").ReadAsync(None)).Entries[0].Data.Span));
    }

    [Theory]
    [InlineData(0, 5000, "MaxRunBytes is 0")]
    [InlineData(6000, 5000, "MaxRunBytes is 6000")]
    [InlineData(1024, 10, "MaxBytes is 10")]
    public void Options_OutOfRange_AreRefused(long run, long all, string message) =>
        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => new MemoryRunOutput(new RunOutputOptions { MaxRunBytes = run, MaxBytes = all })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Append_StoreFails_ReachesNoRun()
    {
        var output = new ForgivingRunOutput(new BrokenOutput(), NullLogger<ForgivingRunOutput>.Instance);
        await output.AppendAsync("run", "token", JsonElement.Parse("1"), None);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await new ForgivingRunOutput(new BrokenOutput(new OperationCanceledException()), NullLogger<ForgivingRunOutput>.Instance).AppendAsync("run", "token", JsonElement.Parse("1"), stop.Token));
    }

    /// <summary>0 and 1 append, 2 and 3 let a reader read, 4 lets the first reconnect, 5 fills another run.</summary>
    private static bool Holds(int[] steps, int bytes)
    {
        var clock = new ManualTime();
        var store = new MemoryRunOutput(new RunOutputOptions { MaxRunBytes = 1024, MaxBytes = bytes }, clock);
        var readers = new[] { new Follower(store, clock.GetUtcNow()), new Follower(store, clock.GetUtcNow()) };
        var next = 0;
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0 or 1: AppendAsync(store, "run", next++).GetAwaiter().GetResult(); break;
                case 2 or 3: readers[step - 2].Read(); break;
                case 4: readers[0].Reconnect(); break;
                default: AppendAsync(store, "other", [.. Enumerable.Range(0, 5)]).GetAwaiter().GetResult(); break;
            }
        }

        foreach (var reader in readers)
        {
            reader.Read();
        }

        return readers.All(reader => reader.IsRight && (reader.Last == next - 1 || reader.EndedInGap));
    }

    private IRunOutputReader Open(MemoryRunOutput store, string id, long position = 0, DateTimeOffset? created = null) => store.OpenReader(id, new RunOutputStart(position, created ?? time.GetUtcNow()));

    private static string[] Texts(RunOutputPage page) => [.. page.Entries.Select(entry => Encoding.UTF8.GetString(entry.Data.Span))];

    private static async Task AppendAsync(IRunOutput store, string id, params int[] numbers)
    {
        foreach (var number in numbers) await store.AppendAsync(id, "token", JsonElement.Parse(number.ToString(CultureInfo.InvariantCulture)), None);
    }

    private sealed class BrokenOutput(Exception? exception = null) : IRunOutput
    {
        public ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken) => throw exception ?? new IOException("The disk is full.");
    }

    /// <summary>Reads the numbers 0, 1, 2 …: after a gap any that is higher, else the next.</summary>
    private sealed class Follower(MemoryRunOutput store, DateTimeOffset created)
    {
        private IRunOutputReader reader = store.OpenReader("run", new RunOutputStart(0, created));
        private long position;

        public int Last { get; private set; } = -1;

        public bool IsRight { get; private set; } = true;

        public bool EndedInGap { get; private set; }

        public void Read()
        {
            while (reader.ReadAsync(None).GetAwaiter().GetResult() is { IsEmpty: false } page)
            {
                EndedInGap |= page.Gap is not null;
                position = page.Gap ?? position;
                foreach (var entry in page.Entries)
                {
                    var number = int.Parse(Encoding.UTF8.GetString(entry.Data.Span), CultureInfo.InvariantCulture);
                    IsRight &= entry.Position > position && (EndedInGap ? number > Last : number == Last + 1);
                    (Last, position, EndedInGap) = (number, entry.Position, false);
                }
            }
        }

        public void Reconnect()
        {
            reader.Dispose();
            reader = store.OpenReader("run", new RunOutputStart(position, created));
        }
    }
}
