using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>What else must be there after a crash: entities, endings, orders, and what followers saw. For hosts that implement <see cref="IRestartableHost"/>.</summary>
public abstract class RecoveryOfStateConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Waiting = new("Waiting");

    [Fact]
    public async Task EntityState_SurvivesACrash()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 5);

        await CrashAndRestartAsync();

        Assert.Equal(5, (await SavedAsync())!.Value);
        Assert.Equal(12, await ResultAsync(Main, 7));
    }

    [Fact]
    public async Task EntityThatWasRemoved_StaysSoAfterACrash()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 5);
        await Client.SignalEntityAsync(CounterEntity.At("a"), CounterEntity.Remove, 0, Patience);
        await UntilAsync(async () => new[] { await SavedAsync() }, saved => saved is [null], "the entity is removed");

        await CrashAndRestartAsync();

        Assert.Null(await SavedAsync());
        Assert.Equal(7, await ResultAsync(Main, 7));
        await CrashAndRestartAsync();
        Assert.Equal(7, (await SavedAsync())!.Value);
    }

    [Fact]
    public async Task Signals_AcceptedTheMomentBeforeACrash_ApplyOnceAndInOrder()
    {
        await HostAsync(Build);

        for (var i = 0; i < 60; i++)
        {
            await Client.SignalEntityAsync(CounterEntity.At("a"), CounterEntity.Append, i.ToString(CultureInfo.InvariantCulture), Patience);
            if (i % 20 == 19)
                await CrashAndRestartAsync();
        }

        var state = await UntilAsync(SavedAsync, s => s?.Log.Count >= 60, "60 signals are applied");
        await LaterAsync();
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i.ToString(CultureInfo.InvariantCulture)), (await SavedAsync())!.Log);
        Assert.Equal(state!.Log, (await SavedAsync())!.Log);
    }

    [Fact]
    public async Task EntityCalls_InFlightAtCrashes_ApplyOnce()
    {
        const int Runs = 6;
        const int Calls = 300;
        OrchestratorReference<int, int[]> many = new("Many");
        await HostAsync(c =>
        {
            Build(c);
            c.Orchestrator(many, async (context, n) =>
            {
                var answers = new List<int>();
                for (var i = 0; i < n; i++)
                {
                    answers.Add(await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 1));
                    context.SignalEntity(CounterEntity.At("b"), CounterEntity.Add, 1);
                }

                return [.. answers];
            });
        });
        var ids = new List<string>();
        for (var i = 0; i < Runs; i++)
            ids.Add(await StartAsync(many, Calls));

        // The runs are long, so that each crash falls among their calls.
        foreach (var reached in new[] { 1, 300, 600, 900, 1_200 })
        {
            await UntilAsync(SavedAsync, s => s?.Value >= reached, $"{reached} calls are applied");
            await CrashAndRestartAsync();
        }

        var answers = new List<int>();
        foreach (var id in ids)
            answers.AddRange(await ResultOfAsync<int[]>(id));
        Assert.Equal(Enumerable.Range(1, Runs * Calls), answers.Order());
        Assert.Equal(Runs * Calls, (await SavedAsync())!.Value);
        await UntilAsync(() => SavedAsync("b"), s => s?.Value >= Runs * Calls, "all signals are applied");
        await LaterAsync();
        Assert.Equal(Runs * Calls, (await SavedAsync("b"))!.Value);
    }

    [Fact]
    public async Task EndedRuns_SurviveACrashAsTheyEnded()
    {
        await HostAsync(Build);
        var completed = await RunAsync(Main, 3);
        var failed = await EndedAsync((await Client.StartAsync(Main.Name, ToJson("no number"), new StartOptions(), Patience)).InstanceId);
        var waiting = await StartAsync(Waiting, 0);
        await Client.TerminateAsync(waiting, "enough", Patience);
        var terminated = await EndedAsAsync(waiting, RuntimeStatus.Terminated);
        var steps = await StepsAsync(completed.InstanceId);

        await CrashAndRestartAsync();

        foreach (var before in new[] { completed, failed, terminated })
            Assert.Equal(ToJson(before).GetRawText(), ToJson(await StateAsync(before.InstanceId)).GetRawText());
        Assert.Equal(steps, await StepsAsync(completed.InstanceId));
        Assert.Equal(3, (await Client.ListAsync(new RunQuery(), Patience)).Runs.Count);
    }

    [Fact]
    public async Task Suspend_AcceptedTheMomentBeforeACrash_StillHolds()
    {
        await HostAsync(Build);
        var id = await StartAsync(Waiting, 0);
        await Client.SuspendAsync(id, "maintenance", Patience);

        await CrashAndRestartAsync();
        await StatusAsync(id, RuntimeStatus.Suspended);
        await RaiseAsync(id, "go", 4);
        await LaterAsync();
        Assert.Equal(RuntimeStatus.Suspended, (await StateAsync(id)).RuntimeStatus);
        await CrashAndRestartAsync();
        await Client.ResumeAsync(id, null, Patience);

        Assert.Equal(4, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Terminate_AcceptedTheMomentBeforeACrash_Holds()
    {
        await HostAsync(Build);
        var id = await StartAsync(Waiting, 0);
        await Client.TerminateAsync(id, "enough", Patience);

        await CrashAndRestartAsync();

        Assert.Equal("enough", FromJson<string>((await EndedAsAsync(id, RuntimeStatus.Terminated)).Output));
    }

    [Fact]
    public async Task Purge_AcceptedTheMomentBeforeACrash_Holds()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 1, "gone");
        await ResultAsync(Main, 1, "stays");
        await Client.PurgeAsync("gone", Patience);

        await CrashAndRestartAsync();

        Assert.Null(await Client.GetAsync("gone", includePayloads: true, Patience));
        Assert.Equal(["stays"], (await Client.ListAsync(new RunQuery(), Patience)).Runs.Select(r => r.InstanceId));
    }

    [Fact]
    public async Task Restart_AcceptedTheMomentBeforeACrash_Holds()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 2, "again");
        await Client.RestartAsync("again", withNewInstanceId: false, Patience);

        await CrashAndRestartAsync();

        Assert.Equal(4, await ResultOfAsync<int>("again"));
    }

    [Fact]
    public virtual async Task Watch_ResumedAfterACrash_NeitherLosesNorRepeats()
    {
        await HostAsync(Build);
        var id = await StartAsync(Waiting, 0);
        var seen = new List<(long Sequence, string Kind)>();
        await foreach (var update in Client.WatchAsync(id, 0, Patience))
        {
            seen.Add((update.Sequence, update.Kind));
            if (update.Kind == "status")
                break;
        }

        await CrashAndRestartAsync();
        await RaiseAsync(id, "go", 1);
        await foreach (var update in Client.WatchAsync(id, seen[^1].Sequence, Patience))
            seen.Add((update.Sequence, update.Kind));

        var all = new List<(long Sequence, string Kind)>();
        await foreach (var update in Client.WatchAsync(id, 0, Patience))
            all.Add((update.Sequence, update.Kind));
        Assert.Equal(all, seen);
        Assert.Equal("ended", all[^1].Kind);
    }

    private static void Build(CatalogBuilder catalog) => catalog
        .Counter()
        .Orchestrator(Main, (context, by) => context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, by))
        .Orchestrator(Waiting, (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEventAsync<int>("go");
        });

    private Task<CounterState?> SavedAsync() => SavedAsync("a");

    private Task<CounterState?> SavedAsync(string key) => Client.GetEntityStateAsync<CounterState>(CounterEntity.At(key), Patience);
}
