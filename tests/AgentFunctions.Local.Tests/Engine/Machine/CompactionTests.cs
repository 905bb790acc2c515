using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Tests.Engine.Machine;

public sealed class CompactionTests
{
    // Segments and the useless bytes that compaction waits for are 64 KiB each, so a journal that compacts stays below this.
    private const long Bound = 512 << 10;
    private static readonly OrchestratorReference<int, int> Tiny = new("T");
    private static readonly OrchestratorReference<int, int> Eternal = new("Eternal");
    private static readonly OrchestratorReference<string, string> Wait = new("Wait");
    private static readonly OrchestratorReference<int, int> Parent = new("Parent");
    private static readonly OrchestratorReference<int, int> Failing = new("Failing");

    [Fact]
    public void TenThousandRuns_StartedEndedAndPurged_TheJournalStaysSmall()
    {
        var bench = Bench();
        for (var run = 0; run < 10_000; run++)
        {
            bench.Start(Tiny, run, "r");
            Assert.Equal(1, bench.Ask(new PurgeRun("r")));
        }

        Assert.InRange(bench.MostBytes, 1, Bound);
        Assert.True(bench.Compactions > 1);
        Assert.Equal(0, bench.Machine.InstanceCount);
        bench.Crash();
        Assert.Equal(0, bench.Machine.InstanceCount);
    }

    [Fact]
    public void ContinueAsNew_TenThousandTimes_TheJournalStaysSmall()
    {
        var bench = Bench();
        bench.Start(Eternal, 0, "e");
        for (var i = 0; i < 10_000; i++)
        {
            bench.Raise("e", "next", 1);
        }

        Assert.InRange(bench.MostBytes, 1, Bound);
        Assert.InRange(bench.Read("e").RecordCount, 1, 3);
        bench.Crash();
        bench.Raise("e", "next", 1);
        bench.Raise("e", "stop", 1);
        Assert.Equal(10_001, bench.Result<int>("e"));
    }

    [Fact]
    public void Entity_WrittenOneHundredThousandTimes_TheJournalStaysSmallAndTheStateIsTheLast()
    {
        var bench = Bench();
        var id = CounterEntity.At("k");
        for (var i = 0; i < 100_000; i++)
        {
            bench.Ask(new SignalEntity(id, CounterEntity.Add.Name, bench.Json(1)));
        }

        Assert.InRange(bench.MostBytes, 1, Bound);
        Assert.Equal(100_000, Value(bench, id));
        bench.Crash();
        Assert.Equal(100_000, Value(bench, id));
    }

    [Fact]
    public void Compact_RunsAndEntitiesOfEveryKind_AllReadableAfterAndAfterReopening()
    {
        var bench = Bench();
        Fill(bench);
        var before = Describe(bench);

        bench.Compact();
        Assert.Equal(before, Describe(bench));
        bench.Compact();
        bench.Crash();
        Assert.Equal(before, Describe(bench));

        // And they go on from there.
        for (var i = 0; i < 10; i++)
        {
            bench.Raise($"wait-{i}", "go", $"payload {i}");
            Assert.Equal($"input {i} payload {i}", bench.Result<string>($"wait-{i}"));
        }
    }

    [Fact]
    public void Compact_WhileRunsGoOn_LosesNothing()
    {
        var bench = Bench();
        Fill(bench);
        var (compaction, rewrite) = bench.Machine.BeginCompaction();
        bench.Raise("wait-0", "go", "meanwhile");
        bench.Ask(new PurgeRun("tiny-1"));
        bench.Start(Tiny, 5, "new");
        bench.Ask(new SignalEntity(CounterEntity.At("b"), CounterEntity.Add.Name, bench.Json(5)));
        bench.Start(Eternal, 0, "e");
        using (compaction)
        {
            compaction.Run(rewrite, CancellationToken.None);
            bench.Raise("e", "next", 1);
            bench.Machine.CompleteCompaction(compaction);
        }

        var after = Describe(bench);
        Assert.Equal("input 0 meanwhile", bench.Result<string>("wait-0"));
        Assert.Null(bench.Ask(new ReadRun("tiny-1")));
        bench.Crash();
        Assert.Equal(after, Describe(bench));
        bench.Compact();
        bench.Crash();
        Assert.Equal(after, Describe(bench));
    }

    [Theory]
    [InlineData("start")]
    [InlineData("event")]
    public void Compact_CustomStatusOfAnEarlierExecution_IsKept(string setAt)
    {
        var bench = new MachineBench(c => c.Orchestrator(Wait, async (context, input) =>
        {
            if (input == "start")
            {
                context.SetCustomStatus("set once");
            }

            var next = await context.WaitForExternalEventAsync<string>("go");
            if (next == "event")
            {
                context.SetCustomStatus("set once");
            }

            context.ContinueAsNew("later");
            return "";
        }));
        bench.Start(Wait, setAt, "a");
        bench.Raise("a", "go", setAt);

        for (var round = 0; round < 3; round++)
        {
            bench.Raise("a", "go", "next");
            bench.Compact();
            Assert.Equal("set once", Status(bench));
            bench.Crash();
            Assert.Equal("set once", Status(bench));
        }

        Assert.Equal(1, bench.Machine.InstanceCount);
        Assert.Equal(RuntimeStatus.Running, bench.Read("a").Status);
        Assert.Equal(1, bench.Machine.IdleInMemory);

        static string? Status(MachineBench bench) => bench.Read("a").CustomStatus() is { } status ? DurableJson.Parse(status).GetString() : null;
    }

    [Fact]
    public void Purge_ChildrenOfEarlierExecutions_AreRemovedAfterCompactionToo()
    {
        var bench = new MachineBench(c => c
            .Orchestrator(Tiny, (_, x) => Task.FromResult(x))
            .Orchestrator(Parent, async (context, round) =>
            {
                await context.CallSubOrchestratorAsync(Tiny, round);
                if (round < 5)
                {
                    context.ContinueAsNew(round + 1);
                }

                return round;
            }));
        bench.Start(Parent, 1, "p");
        Assert.Equal(6, bench.Machine.InstanceCount);

        bench.Compact();
        bench.Crash();

        Assert.Equal(6, bench.Ask(new PurgeRun("p")));
        Assert.Equal(0, bench.Machine.InstanceCount);
    }

    private static void Fill(MachineBench bench)
    {
        for (var i = 0; i < 10; i++)
        {
            bench.Start(Wait, $"input {i}", $"wait-{i}");
            bench.Start(Tiny, i, $"tiny-{i}");
            bench.Start(Parent, i, $"parent-{i}");
            bench.Start(Failing, i, $"failing-{i}");
            bench.Ask(new SignalEntity(CounterEntity.At("a"), CounterEntity.Add.Name, bench.Json(i)));
            bench.Ask(new SignalEntity(CounterEntity.At("b"), CounterEntity.Append.Name, bench.Json($"entry {i}")));
        }

        bench.Ask(new PurgeRun("tiny-3"));
        bench.Ask(new TerminateRun("wait-9", "enough"));
        bench.Ask(new SuspendRun("wait-8", null));
        bench.Ask(new ResumeRun("wait-8", null));
        bench.Start(Wait, "input 9", "wait-9-again");
        bench.Ask(new PurgeRun("wait-9"));
        bench.Start(Wait, "input 9", "wait-9");
    }

    private static string Describe(MachineBench bench)
    {
        var (runs, _) = bench.Ask(new ListRuns(new RunQuery { PageSize = 1000 }));
        var lines = runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Handle} {run.Id} {run.Name} {run.Status} {run.CreatedAt:O} {run.UpdatedAt:O} {run.Failure} {run.RecordCount} {Text(run.Started().Input)} {Text(run.CustomStatus() ?? default)} {string.Join("; ", run.Turns().Select(t => History.RandomHistory.Show(t)))}"));
        return string.Join('\n', [.. lines, $"{Value(bench, CounterEntity.At("a"))}", Text(bench.Ask(new ReadEntity(CounterEntity.At("b"))) ?? default)]);
    }

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);

    private static int Value(MachineBench bench, EntityId id) =>
        DurableJson.Parse(bench.Ask(new ReadEntity(id)) ?? throw new Xunit.Sdk.XunitException($"{id} has no state.")).GetProperty("value").GetInt32();

    private static MachineBench Bench() => new(c => c
        .Counter()
        .Orchestrator(Tiny, (_, x) => Task.FromResult(x))
        .Orchestrator(Failing, (_, x) => Task.FromException<int>(new InvalidOperationException($"no {x}")))
        .Orchestrator(Parent, async (context, x) =>
        {
            context.SetCustomStatus($"status {x}");
            await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 1);
            return await context.CallSubOrchestratorAsync(Tiny, x);
        })
        .Orchestrator(Wait, async (context, input) => $"{input} {await context.WaitForExternalEventAsync<string>("go")}")
        .Orchestrator(Eternal, async (context, sum) =>
        {
            using var cancellation = new CancellationTokenSource();
            var stop = context.WaitForExternalEventAsync<int>("stop", cancellation.Token);
            var next = context.WaitForExternalEventAsync<int>("next");
            if (await Task.WhenAny(stop, next) == next)
            {
                cancellation.Cancel();
                context.ContinueAsNew(sum + await next);
            }

            return sum;
        }));
}
