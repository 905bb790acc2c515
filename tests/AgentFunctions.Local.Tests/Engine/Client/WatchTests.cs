using System.Reflection;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Machine;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Tests.Engine.Client;

public sealed class WatchTests
{
    private static readonly OrchestratorReference<int, int> Steps = new("Steps");
    private static readonly OrchestratorReference<int, int> Rounds = new("Rounds");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public async Task WatchAsync_ASlowReader_MissesNothing()
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Steps, 30);
        var seen = new List<RunUpdate>();
        await foreach (var update in engine.Client.WatchAsync(id, 0))
        {
            seen.Add(update);
            if (seen.Count <= 30)
            {
                // While one update is being looked at, much more happens.
                await engine.RaiseAsync(id, "go", seen.Count);
            }
        }

        var all = await ReadAsync(engine, id, 0);
        Assert.Equal(all.Select(u => u.Sequence), seen.Select(u => u.Sequence));
        Assert.Equal("ended", seen[^1].Kind);
        Assert.Equal(30, seen.Count(u => u.Kind == "step" && u.Data.GetProperty("kind").GetString() == "ExternalEvent"));
    }

    [Fact]
    public async Task WatchAsync_FromEverySequence_TellsTheRestAndOnlyThat()
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Steps, 3);
        for (var i = 0; i < 3; i++)
        {
            await engine.RaiseAsync(id, "go", i);
        }

        await engine.EndAsync(id);
        var all = await ReadAsync(engine, id, 0);
        Assert.True(all.Count > 8);
        foreach (var after in all.Select(u => u.Sequence))
        {
            Assert.Equal(all.Where(u => u.Sequence > after).Select(u => (u.Sequence, u.Kind)), (await ReadAsync(engine, id, after)).Select(u => (u.Sequence, u.Kind)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task WatchAsync_TheRunContinuesAsNewWhileTheReaderIsSlow_TellsAllOfTheLastExecution(int pausedAfter)
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Rounds, 1);
        var seen = new List<RunUpdate>();
        await foreach (var update in engine.Client.WatchAsync(id, 0))
        {
            seen.Add(update);
            if (seen.Count == pausedAfter)
            {
                // Two events an execution: the last execution has as many turns as the first had, or more.
                for (var i = 0; i < 7; i++)
                {
                    await engine.RaiseAsync(id, "go", i);
                }

                await engine.EndAsync(id);
            }
            else if (seen.Count < pausedAfter)
            {
                await engine.RaiseAsync(id, "go", -1);
            }
        }

        var last = await ReadAsync(engine, id, 0);
        Assert.Equal("started", last[0].Kind);
        Assert.Equal(last.Select(u => (u.Sequence, u.Kind)), seen.TakeLast(last.Count).Select(u => (u.Sequence, u.Kind)));
        Assert.Equal(seen.Select(u => u.Sequence).Distinct().Order(), seen.Select(u => u.Sequence));
    }

    [Fact]
    public async Task WatchAsync_PurgedWhileWatched_TellsTheEndAllTheSame()
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Steps, 1);
        var seen = new List<string>();
        await foreach (var update in engine.Client.WatchAsync(id, 0))
        {
            seen.Add(update.Kind);
            if (seen.Count == 1)
            {
                await engine.RaiseAsync(id, "go", 1);
                await engine.EndAsync(id);
                await engine.Client.PurgeAsync(id);
            }
        }

        Assert.Equal("ended", seen[^1]);
        Assert.Null(await engine.Client.GetAsync(id));
        await Assert.ThrowsAsync<RunNotFoundException>(() => ReadAsync(engine, id, 0));
    }

    [Fact]
    public async Task WaitForCompletionAsync_PurgedAtOnce_StillGivesTheResult()
    {
        await using var engine = new TestEngine(Build);
        for (var i = 0; i < 50; i++)
        {
            var id = await engine.StartAsync(Steps, 1);
            var end = engine.EndAsync(id);
            await engine.RaiseAsync(id, "go", 5);
            var activity = engine.Client.WaitForCompletionAsync(id);
            await activity.WaitAsync(TestEngine.Patience);
            await engine.Client.PurgeAsync(id);

            Assert.Equal(RuntimeStatus.Completed, (await end).RuntimeStatus);
        }
    }

    [Fact]
    public async Task WatchAsync_TheEngineStopsWhileWatched_SaysSo()
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Steps, 2);
        await using var watch = engine.Client.WatchAsync(id, 0).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("status", watch.Current.Kind);
        var next = watch.MoveNextAsync();
        Assert.False(next.IsCompleted);

        await engine.Engine.StopAsync(orderly: true);

        var stopped = await Assert.ThrowsAsync<EngineStoppedException>(() => next.AsTask().WaitAsync(TestEngine.Patience));
        Assert.Contains("stopped", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_TheEngineStopsWhileHistoryIsRead_SaysSo()
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Steps, 2);
        await engine.RaiseAsync(id, "go", 1);
        await engine.RaiseAsync(id, "go", 2);
        await engine.EndAsync(id);
        await using var watch = engine.Client.WatchAsync(id, 0).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());

        await engine.Engine.StopAsync(orderly: true);

        await Assert.ThrowsAsync<EngineStoppedException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
                // What has been read is told first.
            }
        });
    }

    [Fact]
    public async Task WatchAsync_GivenUpBeforeItsFirstAnswer_LeavesNoObserver()
    {
        await using var engine = new TestEngine(Build);
        var id = await engine.StartAsync(Steps, 1);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Client.WaitForCompletionAsync(id, cancelled.Token));
        }

        await engine.AssertAliveAsync();
        Assert.Null(Observed(engine, id).Observers);
    }

    private static Instance Observed(TestEngine engine, string id)
    {
        // Nothing outside the engine can see who observes; and the engine is idle here.
        const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;
        var machine = (EngineMachine)typeof(LocalEngine).GetField("machine", Private)!.GetValue(engine.Engine)!;
        return ((Dictionary<string, Instance>)typeof(EngineMachine).GetField("byId", Private)!.GetValue(machine)!)[id];
    }

    private static async Task<List<RunUpdate>> ReadAsync(TestEngine engine, string id, long after)
    {
        var updates = new List<RunUpdate>();
        await foreach (var update in engine.Client.WatchAsync(id, after))
        {
            updates.Add(update);
        }

        return updates;
    }

    private static void Build(CatalogBuilder catalog) => catalog
        .Activity(Work, x => x + 1)
        .Orchestrator(Steps, async (context, n) =>
        {
            for (var i = 0; i < n; i++)
            {
                context.SetCustomStatus(i);
                await context.WaitForExternalEventAsync<int>("go");
                await context.CallActivityAsync(Work, i);
            }

            return n;
        })
        .Orchestrator(Rounds, async (context, round) =>
        {
            // An event of -1 only makes a turn.
            for (var got = 0; got < 2;)
            {
                got += await context.WaitForExternalEventAsync<int>("go") >= 0 ? 1 : 0;
            }

            if (round < 3)
            {
                context.ContinueAsNew(round + 1);
            }
            else
            {
                await context.WaitForExternalEventAsync<int>("go");
            }

            return round;
        });
}
