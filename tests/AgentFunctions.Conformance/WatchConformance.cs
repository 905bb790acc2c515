using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Following a run: what has happened, then what happens, each update once, to the end.</summary>
public abstract class WatchConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public virtual async Task Watch_AnEndedRun_TellsItsWholeStoryAndEnds()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 3, "story");

        var updates = await WatchAsync("story", 0);

        AssertWhole(updates, steps: 3);
        Assert.Equal("half way", FromJson<string>(updates.First(u => u.Kind == "status").Data));
        var ended = FromJson<RunState>(updates[^1].Data);
        Assert.Equal(RuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal(6, FromJson<int>(ended.Output));
    }

    [Fact]
    public virtual async Task Watch_FromBeforeTheFirstStep_TellsEverythingAsItHappens()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Work, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x * 2;
            })
            .Orchestrator(Main, BodyAsync));
        await StartAsync(Main, 3, "live");

        var live = WatchAsync("live", 0);
        var alsoLive = WatchAsync("live", 0);
        await WithinPatienceAsync(gate.Entered, "the activity runs");
        Assert.False(live.IsCompleted);
        gate.Open();

        AssertWhole(await live, steps: 3);
        Assert.Equal((await live).Select(u => u.Sequence), (await alsoLive).Select(u => u.Sequence));
        Assert.Equal((await live).Select(u => (u.Sequence, u.Kind)), (await WatchAsync("live", 0)).Select(u => (u.Sequence, u.Kind)));
    }

    [Fact]
    public async Task Watch_DeliversWhileTheRunGoesOn()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, x) =>
        {
            for (var i = 0; i < 3; i++)
            {
                context.SetCustomStatus(i);
                x = await context.WaitForExternalEventAsync<int>("go");
            }

            return x;
        }));
        var id = await StartAsync(Main, 0);

        var statuses = new List<int>();
        await foreach (var update in Client.WatchAsync(id, 0, Patience))
        {
            if (update.Kind == "status")
            {
                statuses.Add(FromJson<int>(update.Data));
                await RaiseAsync(id, "go", 9);
            }
        }

        Assert.Equal([0, 1, 2], statuses);
        Assert.Equal(9, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Watch_ResumedAfterAnySequence_NeitherLosesNorRepeats()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 3, "resumed");
        var all = await WatchAsync("resumed", 0);

        foreach (var last in all.SkipLast(1))
            Assert.Equal(all.Where(u => u.Sequence > last.Sequence).Select(u => (u.Sequence, u.Kind)), (await WatchAsync("resumed", last.Sequence)).Select(u => (u.Sequence, u.Kind)));
        Assert.Empty(await WatchAsync("resumed", all[^1].Sequence));
    }

    [Fact]
    public async Task Watch_LeftAndResumedWhileTheRunGoesOn_NeitherLosesNorRepeats()
    {
        await HostAsync(c => c.Activity(Work, x => x).Orchestrator(Main, async (context, n) =>
        {
            for (var i = 0; i < n; i++)
                await context.CallActivityAsync(Work, i);
            await context.WaitForExternalEventAsync<int>("go");
            return n;
        }));
        var id = await StartAsync(Main, 20);

        var seen = new List<RunUpdate>();
        for (var visit = 0; visit < 10; visit++)
        {
            await foreach (var update in Client.WatchAsync(id, seen.LastOrDefault()?.Sequence ?? 0, Patience))
            {
                seen.Add(update);
                break;
            }
        }

        await RaiseAsync(id, "go", 0);
        seen.AddRange(await WatchAsync(id, seen[^1].Sequence));

        AssertWhole(seen, steps: 21);
        Assert.Equal((await WatchAsync(id, 0)).Select(u => (u.Sequence, u.Kind)), seen.Select(u => (u.Sequence, u.Kind)));
    }

    [Fact]
    public async Task Watch_SuspendAndResume_AreTold()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) => context.WaitForExternalEventAsync<int>("go")));
        var id = await StartAsync(Main, 0);
        var watching = WatchAsync(id, 0);

        await Client.SuspendAsync(id, "lunch", Patience);
        await Client.ResumeAsync(id, "back", Patience);
        await RaiseAsync(id, "go", 1);

        var kinds = (await watching).Select(u => u.Kind).ToList();
        Assert.Single(kinds, "suspended");
        Assert.Single(kinds, "resumed");
        Assert.True(kinds.IndexOf("suspended") < kinds.IndexOf("resumed"));
    }

    [Theory]
    [InlineData(RuntimeStatus.Failed)]
    [InlineData(RuntimeStatus.Terminated)]
    public async Task Watch_EndsHoweverTheRunEnds(RuntimeStatus status)
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            await context.WaitForExternalEventAsync<int>("fail");
            throw new InvalidOperationException("as asked");
        }));
        var id = await StartAsync(Main, 0);
        var watching = WatchAsync(id, 0);

        if (status == RuntimeStatus.Failed)
            await RaiseAsync(id, "fail", 0);
        else
            await Client.TerminateAsync(id, "as asked", Patience);

        var last = (await watching)[^1];
        Assert.Equal("ended", last.Kind);
        Assert.Equal(status, FromJson<RunState>(last.Data).RuntimeStatus);
    }

    [Fact]
    public async Task Watch_TokenFires_EndsTheWatchOnly()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) => context.WaitForExternalEventAsync<int>("go")));
        var id = await StartAsync(Main, 0);
        using var impatience = new CancellationTokenSource();

        async Task FollowAsync()
        {
            await foreach (var update in Client.WatchAsync(id, 0, impatience.Token))
                Ledger.Add(update.Kind);
        }

        var following = FollowAsync();
        await LedgerHasAsync("started");
        impatience.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.WaitAsync(Patience));
        await RaiseAsync(id, "go", 2);
        Assert.Equal(2, await ResultOfAsync<int>(id));
    }

    private static void Build(CatalogBuilder catalog) => catalog.Activity(Work, x => x * 2).Orchestrator(Main, BodyAsync);

    private static async Task<int> BodyAsync(OrchestrationContext context, int n)
    {
        var sum = 0;
        for (var i = 0; i < n; i++)
        {
            sum += await context.CallActivityAsync(Work, i, new CallOptions { Label = $"step {i}" });
            context.SetCustomStatus(i == 0 ? "half way" : $"at {i}");
        }

        return sum;
    }

    private async Task<List<RunUpdate>> WatchAsync(string instanceId, long afterSequence)
    {
        var updates = new List<RunUpdate>();
        await foreach (var update in Client.WatchAsync(instanceId, afterSequence, Patience))
            updates.Add(update);
        return updates;
    }

    private void AssertWhole(List<RunUpdate> updates, int steps)
    {
        Assert.Equal("started", updates[0].Kind);
        Assert.Equal("ended", updates[^1].Kind);
        Assert.Single(updates, u => u.Kind == "started");
        Assert.Single(updates, u => u.Kind == "ended");
        Assert.All(updates, u => Assert.True(u.Sequence > 0, "Sequence numbers begin above 0, which stands for all."));
        Assert.Equal(updates.Select(u => u.Sequence).Distinct().Order(), updates.Select(u => u.Sequence));
        var ended = updates.Where(u => u.Kind == "step").Select(u => FromJson<HistoryStep>(u.Data)).Where(s => s.Status == StepStatus.Completed).Select(s => s.Id).ToList();
        Assert.Equal(steps, ended.Distinct().Count());
        Assert.Equal(steps, ended.Count);
    }
}
