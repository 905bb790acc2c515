using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Tests.Engine.Machine;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>A run's memory does not grow with the bytes it has handled, and idle runs leave memory. Journals are on disk, as for users.</summary>
[Collection(Alone.Name)]
public sealed class MemoryTests
{
    private const int Bytes = 100_000;
    private const int Wide = 20;
    private const long MayGrow = 5 << 20;
    private static readonly OrchestratorReference<int, long> Sum = new("Sum");
    private static readonly OrchestratorReference<int, int> Wait = new("Wait");
    private static readonly OrchestratorReference<int, int> Eternal = new("Eternal");
    private static readonly ActivityReference<int, string> Large = new("Large");
    private static readonly ActivityReference<int, int> Pause = new("Pause");
    private readonly SemaphoreSlim paused = new(0);
    private readonly SemaphoreSlim goOn = new(0);

    [Fact]
    public Task Run_HandlesManyBytes_MemoryDoesNotGrowWithThem() => HandlesAsync(runs: 1, activities: 2_000);

    [Fact]
    public Task Runs_HandleManyBytes_MemoryDoesNotGrowWithThem() => HandlesAsync(runs: 20, activities: 80);

    [Fact]
    public async Task IdleRuns_TenThousand_TakeLessThanTwoKilobytesEach()
    {
        const int Count = 10_000;
        await using var engine = new TestEngine(c => c.Orchestrator(Wait, (context, _) => context.WaitForExternalEventAsync<int>("never")), new EngineOptions { MaxIdleInMemory = 100 });
        await StartAsync(engine, 500);

        var before = Live();
        await StartAsync(engine, Count);
        var each = (Live() - before) / (double)Count;

        Assert.Equal(Count + 500, engine.Engine.InstanceCount);
        Assert.InRange(each, 100, 2048);
    }

    [Fact]
    public void ContinueAsNew_TenThousandTimes_MemoryStaysAsItWas()
    {
        var bench = new MachineBench(c => c.Orchestrator(Wait, (_, x) => Task.FromResult(x)).Orchestrator(Eternal, async (context, round) =>
        {
            await context.CallSubOrchestratorAsync(Wait, round);
            context.ContinueAsNew(await context.WaitForExternalEventAsync<int>("next"));
            return 0;
        }));
        bench.Start(Eternal, 0, "e");
        Rounds(1_000);
        bench.Compact();
        var before = Live();
        Rounds(20_000);
        bench.Compact();

        // The journal is in memory too, and as small at both times; a leak of 30 bytes a round would show.
        Assert.InRange(Live() - before, long.MinValue, 600_000);
        Assert.InRange(bench.Machine.InstanceCount, 1, 2);

        void Rounds(int count)
        {
            for (var i = 0; i < count; i++)
            {
                // Its child has ended, and somebody cleans up after it, as retention would.
                var child = bench.Ask(new Local.Engine.Messages.ListRuns(new RunQuery { PageSize = 1, Name = Wait.Name })).Runs.Single();
                bench.Ask(new Local.Engine.Messages.PurgeRun(child.Id));
                bench.Raise("e", "next", i);
            }
        }
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static Task StartAsync(TestEngine engine, int count) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, _) => await engine.StartAsync(Wait, i));

    private async Task HandlesAsync(int runs, int activities)
    {
        await using var engine = new TestEngine(c => c
            .Activity(Large, x => new string((char)('a' + (x % 26)), Bytes))
            .Activity(Pause, async (_, x, token) =>
            {
                paused.Release();
                await goOn.WaitAsync(token);
                return x;
            })
            .Orchestrator(Sum, async (context, n) =>
            {
                var sum = 0L;
                for (var done = 0; done < n; done += Wide)
                {
                    // After the first round everything has its size; in the middle and at the end it is measured.
                    if (done == Wide || done == n / 2 / Wide * Wide)
                    {
                        await context.CallActivityAsync(Pause, done);
                    }

                    sum += (await Task.WhenAll(Enumerable.Range(0, Wide).Select(i => context.CallActivityAsync(Large, i)))).Sum(s => (long)s.Length);
                }

                await context.CallActivityAsync(Pause, n);
                return sum;
            }));
        var ids = new List<string>();
        for (var run = 0; run < runs; run++)
        {
            ids.Add(await engine.StartAsync(Sum, activities));
        }

        var first = await MeasureAsync(runs, long.MaxValue);
        var middle = await MeasureAsync(runs, first + MayGrow);
        var end = await MeasureAsync(runs, first + MayGrow);
        foreach (var id in ids)
        {
            Assert.Equal((long)activities * Bytes, engine.Result<long>(await engine.EndAsync(id)));
        }

        Assert.True(engine.FolderBytes > (long)runs * activities * Bytes, "The bytes did not go through the journal.");
        Assert.InRange(middle - first, long.MinValue, MayGrow);
        Assert.InRange(end - first, long.MinValue, MayGrow);
    }

    private async Task<long> MeasureAsync(int runs, long atMost)
    {
        for (var run = 0; run < runs; run++)
        {
            Assert.True(await paused.WaitAsync(TestEngine.Patience), "The runs do not get there.");
        }

        // A compaction that is under way holds some megabytes; what is kept for good does not go while this waits.
        var live = Live();
        for (var more = 0; more < 50 && live > atMost; more++)
        {
            await Task.Delay(100);
            live = Live();
        }

        goOn.Release(runs);
        return live;
    }
}
