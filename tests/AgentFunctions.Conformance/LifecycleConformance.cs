using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Suspend, resume and terminate.</summary>
public abstract class LifecycleConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int[]> Several = new("Several");
    private static readonly OrchestratorReference<int, int> Parent = new("Parent");
    private static readonly ActivityReference<int, int> Held = new("Held");
    private static readonly ActivityReference<int, int> Next = new("Next");

    [Fact]
    public async Task Suspend_WhileAnActivityRuns_HoldsItsResultUntilResume()
    {
        var gate = NewGate();
        await HostAsync(c => HeldThenNext(c, gate));
        var id = await StartAsync(Main, 1);
        await WithinPatienceAsync(gate.Entered, "the activity runs");

        await Client.SuspendAsync(id, "lunch", Patience);
        await StatusAsync(id, RuntimeStatus.Suspended);
        gate.Open();
        await LedgerHasAsync("held");
        await LaterAsync();
        Assert.Equal(0, Ledger.Count("next"));
        Assert.Equal(RuntimeStatus.Suspended, (await StateAsync(id)).RuntimeStatus);

        await Client.ResumeAsync(id, "back", Patience);
        Assert.Equal(12, await ResultOfAsync<int>(id));
        Assert.Equal(["held", "next"], Ledger.Entries);
    }

    [Fact]
    public async Task Suspend_EventsThatComeMeanwhile_AreKeptInOrder()
    {
        await HostAsync(c => c.Orchestrator(Several, async (context, n) =>
        {
            var received = new int[n];
            for (var i = 0; i < n; i++)
                received[i] = await context.WaitForExternalEventAsync<int>("item");
            return received;
        }));
        var id = await StartAsync(Several, 4);
        await RaiseAsync(id, "item", 0);

        await Client.SuspendAsync(id, null, Patience);
        await StatusAsync(id, RuntimeStatus.Suspended);
        for (var i = 1; i < 4; i++)
            await RaiseAsync(id, "item", i);
        await LaterAsync();
        Assert.Equal(RuntimeStatus.Suspended, (await StateAsync(id)).RuntimeStatus);

        await Client.ResumeAsync(id, null, Patience);
        Assert.Equal(new[] { 0, 1, 2, 3 }, await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task Suspend_TimerThatIsDueMeanwhile_FiresAfterResume()
    {
        OrchestratorReference<int, int> other = new("Other");
        await HostAsync(c => c
            .Activity(Next, x =>
            {
                Ledger.Add("next");
                return x;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                var timer = context.CreateTimerAsync(TimeSpan.FromMilliseconds(100));
                await context.WaitForExternalEventAsync<int>("ready");
                await timer;
                return await context.CallActivityAsync(Next, x);
            })
            .Orchestrator(other, async (context, x) =>
            {
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(150));
                return x;
            }));
        var id = await StartAsync(Main, 3);

        await Client.SuspendAsync(id, null, Patience);
        await StatusAsync(id, RuntimeStatus.Suspended);
        await RaiseAsync(id, "ready", 0);
        await ResultAsync(other, 0);
        Assert.Equal(0, Ledger.Count("next"));
        Assert.Equal(RuntimeStatus.Suspended, (await StateAsync(id)).RuntimeStatus);

        await Client.ResumeAsync(id, null, Patience);
        Assert.Equal(3, await ResultOfAsync<int>(id));
        Assert.Equal(1, Ledger.Count("next"));
    }

    [Fact]
    public async Task SuspendAndResume_Twice_ChangeNothing()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) => context.WaitForExternalEventAsync<int>("go")));
        var id = await StartAsync(Main, 0);

        await Client.ResumeAsync(id, "not suspended", Patience);
        await Client.SuspendAsync(id, "once", Patience);
        await Client.SuspendAsync(id, "twice", Patience);
        await StatusAsync(id, RuntimeStatus.Suspended);
        await Client.ResumeAsync(id, "once", Patience);
        await StatusAsync(id, RuntimeStatus.Running);
        await Client.ResumeAsync(id, "twice", Patience);
        await RaiseAsync(id, "go", 2);

        Assert.Equal(2, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task SuspendAndResume_Often_LosesNothing()
    {
        await HostAsync(c => c.Orchestrator(Several, async (context, n) =>
        {
            var received = new int[n];
            for (var i = 0; i < n; i++)
                received[i] = await context.WaitForExternalEventAsync<int>("item");
            return received;
        }));
        var id = await StartAsync(Several, 20);

        for (var i = 0; i < 20; i++)
        {
            if (i % 2 == 0)
                await Client.SuspendAsync(id, null, Patience);
            await RaiseAsync(id, "item", i);
            if (i % 2 == 1)
                await Client.ResumeAsync(id, null, Patience);
        }

        Assert.Equal(Enumerable.Range(0, 20), await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task Suspended_CanBeTerminated()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) => context.WaitForExternalEventAsync<int>("go")));
        var id = await StartAsync(Main, 0);
        await Client.SuspendAsync(id, null, Patience);

        await Client.TerminateAsync(id, "given up", Patience);

        var state = await EndedAsAsync(id, RuntimeStatus.Terminated);
        Assert.Equal("given up", FromJson<string>(state.Output));
    }

    [Fact]
    public async Task Terminate_EndsTheRunWithTheReasonAsOutput()
    {
        var gate = NewGate();
        await HostAsync(c => HeldThenNext(c, gate));
        var id = await StartAsync(Main, 1);
        await WithinPatienceAsync(gate.Entered, "the activity runs");

        await Client.TerminateAsync(id, "wrong file", Patience);

        var state = await EndedAsAsync(id, RuntimeStatus.Terminated);
        Assert.Equal("wrong file", FromJson<string>(state.Output));
        gate.Open();
        await LaterAsync();
        Assert.Equal(0, Ledger.Count("next"));
        Assert.Equal(RuntimeStatus.Terminated, (await StateAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Terminate_RightAfterStart_EndsTheRun()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) => context.WaitForExternalEventAsync<int>("go")));

        for (var i = 0; i < 20; i++)
        {
            var id = await StartAsync(Main, i);
            await Client.TerminateAsync(id, null, Patience);
            await EndedAsAsync(id, RuntimeStatus.Terminated);
        }
    }

    [Fact]
    public async Task Terminate_EndsSubOrchestrationsAtEveryLevel()
    {
        var watch = new TokenWatch();
        await HostAsync(c => c
            .Activity(Held, async (_, x, token) =>
            {
                await watch.RunUntilCancelledAsync(token);
                return x;
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Held, x))
            .Orchestrator(Parent, (context, depth) => depth == 0
                ? context.CallSubOrchestratorAsync(Main, 0, "level 0")
                : context.CallSubOrchestratorAsync(Parent, depth - 1, "level " + depth.ToString(CultureInfo.InvariantCulture))));
        var id = await StartAsync(Parent, 2);
        await WithinPatienceAsync(watch.Running, "the activity runs");

        await Client.TerminateAsync(id, "stop all", Patience);

        foreach (var run in new[] { id, "level 2", "level 1", "level 0" })
            await EndedAsAsync(run, RuntimeStatus.Terminated);
        await WithinPatienceAsync(watch.FiredAt, "the token of the activity three levels down fires");
    }

    private void HeldThenNext(CatalogBuilder catalog, Gate gate) => catalog
        .Activity(Held, async (_, x, _) =>
        {
            await gate.PassDeafAsync();
            Ledger.Add("held");
            return x + 1;
        })
        .Activity(Next, x =>
        {
            Ledger.Add("next");
            return x + 10;
        })
        .Orchestrator(Main, async (context, x) => await context.CallActivityAsync(Next, await context.CallActivityAsync(Held, x)));
}
