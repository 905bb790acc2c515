using System.Diagnostics;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Tests.Simulation;

namespace AgentFunctions.Local.Tests.Engine;

public sealed class LocalEngineTests
{
    private static readonly OrchestratorReference<int, int> Wait = new("Wait");
    private static readonly OrchestratorReference<int, int> Sleep = new("Sleep");

    [Fact]
    public async Task Fsync_Fails_WhoeverWaitsIsToldAndNothingHangs()
    {
        var storage = new SimulatedStorage(new Random(1));
        await using var engine = new TestEngine(Waiting, storage: storage);
        var id = await engine.StartAsync(Wait, 1);
        var waiting = engine.Client.WaitForCompletionAsync(id);
        await engine.AssertAliveAsync();

        storage.Faults.FailSyncAt = 1;
        var start = engine.StartAsync(Wait, 2);

        Assert.IsType<JournalFailedException>((await Assert.ThrowsAsync<EngineStoppedException>(() => start)).InnerException);
        Assert.IsType<JournalFailedException>((await Assert.ThrowsAsync<EngineStoppedException>(() => waiting.WaitAsync(TestEngine.Patience))).InnerException!.InnerException);
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.StartAsync(Wait, 3));
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.Engine.Completion.WaitAsync(TestEngine.Patience));
    }

    [Fact]
    public async Task StopAsync_Twice_BothWaitForTheEnd()
    {
        await using var engine = new TestEngine(Waiting);
        await engine.StartAsync(Wait, 1);

        var first = Task.Run(() => engine.Engine.StopAsync(orderly: true));
        var second = Task.Run(() => engine.Engine.StopAsync(orderly: false));
        await second.WaitAsync(TestEngine.Patience);

        Assert.True(engine.Engine.Completion.IsCompletedSuccessfully);
        await first.WaitAsync(TestEngine.Patience);
    }

    [Fact]
    public async Task Requests_AfterTheStop_AreRefusedAndSayWhatToDo()
    {
        await using var engine = new TestEngine(Waiting);
        await engine.Engine.StopAsync(orderly: true);

        var refused = await Assert.ThrowsAsync<EngineStoppedException>(() => engine.StartAsync(Wait, 1));

        Assert.Contains("Start it again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_DuringTheStop_AreAllAnswered()
    {
        await using var engine = new TestEngine(Waiting);
        var requests = Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            var accepted = 0;
            try
            {
                while (true)
                {
                    await engine.StartAsync(Wait, accepted);
                    accepted++;
                }
            }
            catch (EngineStoppedException)
            {
                return accepted;
            }
        })));
        while (engine.Engine.InstanceCount < 20)
        {
            await Task.Delay(1);
        }

        await engine.StopAsync(orderly: false);
        var accepted = (await requests.WaitAsync(TestEngine.Patience)).Sum();
        await engine.RestartAsync();

        Assert.InRange(engine.Engine.InstanceCount, accepted, accepted + 8);
    }

    [Fact]
    public async Task Timer_TheComputerSleptOrItsClockWasSet_FiresSoonAfter()
    {
        var clock = new ManualTime();
        await using var engine = new TestEngine(Waiting, time: clock);
        var end = engine.EndAsync(await engine.StartAsync(Sleep, 3));
        await engine.AssertAliveAsync();

        // Three hours by the clock, of which the timers of the system have counted one minute; and nobody else wakes the engine.
        clock.Set(TimeSpan.FromHours(3));
        var ended = await PassUntilAsync(clock, end, TimeSpan.FromMinutes(1), most: 3);

        Assert.Equal(3, engine.Result<int>(ended));
    }

    [Fact]
    public async Task Timer_FartherThanTheSystemsTimersReach_FiresAtItsTimeOnly()
    {
        var clock = new ManualTime();
        await using var engine = new TestEngine(Waiting, time: clock);
        var id = await engine.StartAsync(Sleep, 24 * 100);
        var end = engine.EndAsync(id);
        for (var day = 0; day < 99; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            await engine.AssertAliveAsync();
        }

        Assert.False(end.IsCompleted);
        Assert.Equal(2400, engine.Result<int>(await PassUntilAsync(clock, end, TimeSpan.FromHours(25), most: 3)));
    }

    [Fact]
    public async Task Timer_TheClockWentBack_FiresAtItsTimeByTheClock()
    {
        var clock = new ManualTime();
        await using var engine = new TestEngine(Waiting, time: clock);
        var id = await engine.StartAsync(Sleep, 1);
        clock.Set(TimeSpan.FromHours(-2));
        clock.Advance(TimeSpan.FromHours(2));
        await engine.AssertAliveAsync();
        Assert.Equal(RuntimeStatus.Running, (await engine.Client.GetAsync(id))!.RuntimeStatus);

        Assert.Equal(1, engine.Result<int>(await PassUntilAsync(clock, engine.EndAsync(id), TimeSpan.FromHours(1), most: 3)));
    }

    [Fact]
    public async Task Compaction_TheManifestCanNotBeWritten_TheEngineGoesOnAndTriesAgain()
    {
        var storage = new StubbornStorage();
        await using var engine = new TestEngine(Waiting, new EngineOptions { CompactionBytes = 64 << 10 }, new JournalOptions { SegmentBytes = JournalOptions.MinSegmentBytes }, storage: storage);

        storage.RefusesCompactions = true;
        await ChurnAsync(engine, () => storage.Refused > 0);
        storage.RefusesCompactions = false;
        await ChurnAsync(engine, () => storage.Granted > 0);

        await engine.AssertAliveAsync();
        await engine.RestartAsync();
        await engine.AssertAliveAsync();
    }

    private static async Task ChurnAsync(TestEngine engine, Func<bool> until)
    {
        var began = Stopwatch.GetTimestamp();
        for (var run = 0; !until(); run++)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TestEngine.Patience, "It did not come to that.");
            var id = await engine.StartAsync(TestCatalog.AddOne, run);
            await engine.Client.PurgeAsync(id);
        }
    }

    private static async Task<RunState> PassUntilAsync(ManualTime clock, Task<RunState> end, TimeSpan step, int most)
    {
        for (var i = 0; i < most; i++)
        {
            clock.Advance(step);
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(2)));
            if (end.IsCompleted)
            {
                break;
            }
        }

        return end.IsCompleted ? await end : throw new Xunit.Sdk.XunitException($"After {most} times {step} the timer has not fired.");
    }

    private static void Waiting(CatalogBuilder catalog) => catalog
        .Orchestrator(Wait, (context, _) => context.WaitForExternalEventAsync<int>("go"))
        .Orchestrator(Sleep, async (context, hours) =>
        {
            await context.CreateTimerAsync(TimeSpan.FromHours(hours));
            return hours;
        });
}
