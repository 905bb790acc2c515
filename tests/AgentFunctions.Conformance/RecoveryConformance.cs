using System.Collections.Concurrent;
using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Runs across a crash: nothing accepted is lost, nothing recorded happens again. For hosts that implement <see cref="IRestartableHost"/>.</summary>
public abstract class RecoveryConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Child = new("Child");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly ActivityReference<int, int> Held = new("Held");

    [Fact]
    public async Task Run_WaitingForAnEvent_GoesOnAfterACrashAndRunsNothingAgain()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, async (context, n) =>
        {
            var sum = 0;
            for (var i = 0; i < n; i++)
                sum += await context.CallActivityAsync(Work, i);
            context.SetCustomStatus("ready");
            sum += await context.WaitForExternalEventAsync<int>("go");
            return await context.CallActivityAsync(Work, sum);
        }));
        var id = await StartAsync(Main, 10);
        await UntilAsync(() => StateAsync(id), s => s.CustomStatus is not null, "the run waits");

        await CrashAndRestartAsync();
        Assert.Equal(RuntimeStatus.Running, (await StateAsync(id)).RuntimeStatus);
        Assert.Equal("ready", FromJson<string>((await StateAsync(id)).CustomStatus));
        await RaiseAsync(id, "go", 5);

        Assert.Equal(50, await ResultOfAsync<int>(id));
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(1, Ledger.Count(Entry(i))));
        Assert.Equal(11, Ledger.Entries.Count);
    }

    [Fact]
    public async Task Start_Accepted_IsThereAfterACrashTheMomentAfter()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
            ids.Add(await StartAsync(Main, i));

        await CrashAndRestartAsync();

        for (var i = 0; i < 20; i++)
            Assert.Equal(i, await ResultOfAsync<int>(ids[i]));
    }

    [Fact]
    public async Task Start_AgainWithOneIdAfterACrash_StartsOnce()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));
        await ResultAsync(Main, 1, "one");

        await CrashAndRestartAsync();
        var again = await Client.StartAsync(Main.Name, ToJson(2), new StartOptions { InstanceId = "one" }, Patience);

        Assert.False(again.Created);
        Assert.Equal(1, await ResultOfAsync<int>("one"));
        await LaterAsync();
        Assert.Equal([Entry(1)], Ledger.Entries);
    }

    [Fact]
    public async Task Event_AcceptedTheMomentBeforeACrash_IsNotLost()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, n) =>
        {
            var sum = 0;
            for (var i = 0; i < n; i++)
                sum = (sum * 10) + await context.WaitForExternalEventAsync<int>("item");
            return sum;
        }));
        var id = await StartAsync(Main, 5);

        for (var i = 1; i <= 5; i++)
        {
            await RaiseAsync(id, "item", i);
            await CrashAndRestartAsync();
        }

        Assert.Equal(12_345, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Activity_InFlightAtACrash_RunsAgainUnderTheSameKeyAndTheRunCompletes()
    {
        var keys = new ConcurrentQueue<string>();
        var gates = NewGates(2);
        await HostAsync(c => Working(c)
            .Activity(Held, async (context, x, token) =>
            {
                keys.Enqueue(context.IdempotencyKey);
                await gates[keys.Count - 1].PassAsync(token);
                return x * 2;
            })
            .Orchestrator(Main, async (context, x) => await context.CallActivityAsync(Held, await context.CallActivityAsync(Work, x))));
        var id = await StartAsync(Main, 4);
        await WithinPatienceAsync(gates[0].Entered, "the activity runs");

        await CrashAndRestartAsync();
        await WithinPatienceAsync(gates[1].Entered, "the activity runs again");
        gates[1].Open();

        Assert.Equal(8, await ResultOfAsync<int>(id));
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct(StringComparer.Ordinal));
        Assert.Equal([Entry(4)], Ledger.Entries);
    }

    [Fact]
    public async Task Activity_OfTheCrashedHost_ReturnsLate_ItsResultIsNotRecorded()
    {
        var gates = NewGates(2);
        var attempts = 0;
        await HostAsync(c => c
            .Activity(Held, async (_, _, _) =>
            {
                var attempt = Interlocked.Increment(ref attempts) - 1;
                await gates[attempt].PassDeafAsync();
                Ledger.Add(Entry(attempt));
                return attempt;
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Held, x)));
        var id = await StartAsync(Main, 0);
        await WithinPatienceAsync(gates[0].Entered, "the activity runs");

        await CrashAndRestartAsync();
        await WithinPatienceAsync(gates[1].Entered, "the activity runs again");
        gates[0].Open();
        await LedgerHasAsync(Entry(0));
        await LaterAsync();
        Assert.False((await StateAsync(id)).RuntimeStatus.IsFinal());
        gates[1].Open();

        Assert.Equal(1, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Timer_DueWhileTheHostIsDown_FiresOnceAfter()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, async (context, milliseconds) =>
        {
            context.SetCustomStatus("waiting");
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            return await context.CallActivityAsync(Work, milliseconds);
        }));
        var id = await StartAsync(Main, 200);
        await UntilAsync(() => StateAsync(id), s => s.CustomStatus is not null, "the timer is set");

        await CrashAndRestartAsync(whileDown: () => Task.Delay(250, CancellationToken.None));

        Assert.Equal(200, await ResultOfAsync<int>(id));
        await LaterAsync();
        Assert.Equal([Entry(200)], Ledger.Entries);
        Assert.Single(await StepsAsync(id), s => s.Kind == StepKind.Timer);
    }

    [Fact]
    public async Task Timer_NotYetDueAtACrash_FiresAtItsTime()
    {
        OrchestratorReference<int, TimeSpan> wait = new("Wait");
        await HostAsync(c => c.Orchestrator(wait, async (context, milliseconds) =>
        {
            var before = context.UtcNow;
            context.SetCustomStatus("waiting");
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            return context.UtcNow - before;
        }));
        var id = await StartAsync(wait, 1_000);
        await UntilAsync(() => StateAsync(id), s => s.CustomStatus is not null, "the timer is set");

        await CrashAndRestartAsync();

        Assert.InRange(await ResultOfAsync<TimeSpan>(id), TimeSpan.FromMilliseconds(1_000), Host.Patience);
    }

    [Fact]
    public async Task SubOrchestration_InFlightAtACrash_ReturnsToItsCaller()
    {
        await HostAsync(c => Working(c)
            .Orchestrator(Child, async (context, x) => await context.CallActivityAsync(Work, x) + await context.WaitForExternalEventAsync<int>("go"))
            .Orchestrator(Main, async (context, x) => await context.CallSubOrchestratorAsync(Child, x, "the child") * 2));
        var id = await StartAsync(Main, 3);
        await LedgerHasAsync(Entry(3));
        await UntilAsync(() => StepsAsync("the child"), s => s.Any(x => x is { Kind: StepKind.Activity, Status: StepStatus.Completed }), "the child waits");

        await CrashAndRestartAsync();
        await RaiseAsync("the child", "go", 4);

        Assert.Equal(14, await ResultOfAsync<int>(id));
        Assert.Equal([Entry(3)], Ledger.Entries);
    }

    [Fact]
    public async Task ContinueAsNew_AcrossCrashes_LosesNoExecution()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, x) =>
        {
            x += await context.WaitForExternalEventAsync<int>("add");
            if (x < 6)
                context.ContinueAsNew(x);
            return x;
        }));
        var id = await StartAsync(Main, 0);

        for (var i = 0; i < 6; i++)
        {
            await RaiseAsync(id, "add", 1);
            if (i % 2 == 0)
                await CrashAndRestartAsync();
        }

        Assert.Equal(6, await ResultOfAsync<int>(id));
    }

    private static string Entry(int x) => x.ToString(CultureInfo.InvariantCulture);

    private CatalogBuilder Working(CatalogBuilder catalog) => catalog.Activity(Work, x =>
    {
        Ledger.Add(Entry(x));
        return x;
    });
}
