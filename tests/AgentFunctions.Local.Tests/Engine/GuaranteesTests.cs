using System.Collections.Concurrent;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Local.Tests.Engine;

/// <summary>What the engine promises, one test each, on a journal on disk and across a stop that is as sudden as a kill.</summary>
public sealed class GuaranteesTests
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, string[]> Words = new("Words");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    [Fact]
    public async Task StartingTwiceWithOneId_StartsOnce()
    {
        await using var engine = new TestEngine(c => c.Activity(Work, Counted).Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));
        var starts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => engine.Client.StartAsync(Main.Name, DurableJson.ToElement(i, engine.Catalog.Json), new StartOptions { InstanceId = "one" }))));
        var winner = engine.Result<int>(await engine.EndAsync("one"));

        await engine.RestartAsync();
        var again = await engine.Client.StartAsync(Main.Name, DurableJson.ToElement(99, engine.Catalog.Json), new StartOptions { InstanceId = "one" });

        Assert.Single(starts, s => s.Created);
        Assert.False(again.Created);
        Assert.Equal(winner, engine.Result<int>(await engine.EndAsync("one")));
        Assert.Equal(1, counts.Values.Sum());
        Assert.Equal(1, engine.Engine.InstanceCount);
    }

    [Fact]
    public async Task AnEventRaisedBeforeItIsAwaited_IsNotLost()
    {
        await using var engine = new TestEngine(c => c.Orchestrator(Main, async (context, _) =>
        {
            await context.WaitForExternalEventAsync<int>("first");
            return await context.WaitForExternalEventAsync<int>("second");
        }));
        var id = await engine.StartAsync(Main, 0);
        await engine.RaiseAsync(id, "second", 2);

        await engine.RestartAsync();
        await engine.RaiseAsync(id, "first", 1);

        Assert.Equal(2, engine.Result<int>(await engine.EndAsync(id)));
    }

    [Fact]
    public async Task ATimer_FiresOnce()
    {
        await using var engine = new TestEngine(c => c.Activity(Work, Counted).Orchestrator(Main, async (context, _) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(200));
            await context.CallActivityAsync(Work, 1);
            await context.WaitForExternalEventAsync<int>("end");
            return 1;
        }));
        var id = await engine.StartAsync(Main, 0);
        await engine.RestartAsync();
        await UntilAsync(() => counts.GetValueOrDefault("1") == 1);
        for (var restart = 0; restart < 3; restart++)
        {
            await engine.RestartAsync();
        }

        await engine.RaiseAsync(id, "end", 0);
        Assert.Equal(1, engine.Result<int>(await engine.EndAsync(id)));
        var steps = await engine.Client.GetHistoryAsync(id);
        Assert.Equal(StepStatus.Completed, Assert.Single(steps!, s => s.Kind == StepKind.Timer).Status);
        Assert.Single(steps!, s => s.Kind == StepKind.Activity);
    }

    [Fact]
    public async Task AnEntityOperation_AppliesOnceAndInOrderForAKey()
    {
        var id = CounterEntity.At("log");
        await using var engine = new TestEngine(c => c.Counter().Orchestrator(Words, async (context, run) =>
        {
            for (var i = 0; i < 20; i++)
            {
                // Called, not awaited yet, and then signalled: still in the order of the code.
                var call = context.CallEntityAsync(id, CounterEntity.Append, $"{run} call {i}");
                context.SignalEntity(id, CounterEntity.Append, $"{run} signal {i}");
                await call;
            }

            await context.WaitForExternalEventAsync<int>("end");
            return [];
        }));
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(run => engine.StartAsync(Words, run)));
        for (var restart = 0; restart < 3; restart++)
        {
            await engine.RestartAsync();
        }

        foreach (var run in runs)
        {
            await engine.RaiseAsync(run, "end", 0);
            await engine.EndAsync(run);
        }

        var log = (await engine.Client.GetEntityStateAsync<CounterState>(id))!.Log;
        Assert.Equal(160, log.Count);
        for (var run = 0; run < 4; run++)
        {
            Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => new[] { $"{run} call {i}", $"{run} signal {i}" }), log.Where(e => e.StartsWith($"{run} ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task AnActivityWhoseResultWasRecorded_IsNeverRunAgain()
    {
        var gate = new Gate();
        await using var engine = new TestEngine(c => c
            .Activity(Work, async (context, x, token) =>
            {
                Counted(x);
                if (x >= 5)
                {
                    await gate.PassAsync(token);
                }

                return x;
            })
            .Orchestrator(Main, async (context, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Work, i)))).Sum()));
        var id = await engine.StartAsync(Main, 10);
        await UntilAsync(async () => (await engine.Client.GetHistoryAsync(id))!.Count(s => s.Status == StepStatus.Completed) == 5);

        for (var restart = 0; restart < 3; restart++)
        {
            await engine.RestartAsync();
        }

        gate.Open();
        Assert.Equal(45, engine.Result<int>(await engine.EndAsync(id)));
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(1, counts[$"{i}"]));
        Assert.All(Enumerable.Range(5, 5), i => Assert.InRange(counts[$"{i}"], 1, 4));
    }

    private int Counted(int x)
    {
        counts.AddOrUpdate($"{x}", 1, (_, count) => count + 1);
        return x;
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TestEngine.Patience);
        while (!await holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
