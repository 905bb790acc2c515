using System.Collections.Concurrent;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Continue-as-new: the state goes on, the history does not.</summary>
public abstract class ContinueAsNewConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int[], int[]> Collect = new("Collect");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly ActivityReference<int, string> Slow = new("Slow");

    [Fact]
    public async Task ContinueAsNew_OneHundredTimes_CarriesTheStateAndStartsAFreshHistory()
    {
        await HostAsync(c => c
            .Activity(Work, x =>
            {
                Ledger.Add("work");
                return x + 1;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                x = await context.CallActivityAsync(Work, x);
                if (x < 100)
                    context.ContinueAsNew(x);
                return x;
            }));

        Assert.Equal(100, await ResultAsync(Main, 0, "long"));

        Assert.Equal(100, Ledger.Count("work"));
        Assert.Single(await StepsAsync("long"));
        Assert.Equal(["long"], (await Client.ListAsync(new RunQuery(), Patience)).Runs.Select(r => r.InstanceId));
    }

    [Fact]
    public async Task ContinueAsNew_DropsTheReturnedValue()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, x) =>
        {
            if (x == 0)
                context.ContinueAsNew(7);
            return Task.FromResult(x == 0 ? -1 : x);
        }));

        Assert.Equal(7, await ResultAsync(Main, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ContinueAsNew_EventsNotYetAwaited_AreKeptOrDroppedAsAskedFor(bool preserve)
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Work, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(Collect, async (context, so) =>
            {
                if (so.Length == 0)
                    await context.CallActivityAsync(Work, 0);
                int next;
                try
                {
                    next = await context.WaitForExternalEventAsync<int>("item", TimeSpan.FromMilliseconds(200));
                }
                catch (TimeoutException)
                {
                    return so;
                }

                context.ContinueAsNew<int[]>([.. so, next], preserve);
                return so;
            }));
        var id = await StartAsync(Collect, []);
        await WithinPatienceAsync(gate.Entered, "the activity runs");
        for (var i = 1; i <= 5; i++)
            await RaiseAsync(id, "item", i);

        gate.Open();

        Assert.Equal(preserve ? [1, 2, 3, 4, 5] : [1], await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task ContinueAsNew_EventsRaisedAllAlong_NoneIsLost()
    {
        await HostAsync(c => c.Orchestrator(Collect, async (context, so) =>
        {
            int[] all = [.. so, await context.WaitForExternalEventAsync<int>("item")];
            if (all.Length < 40)
                context.ContinueAsNew(all);
            return all;
        }));
        var id = await StartAsync(Collect, []);

        for (var i = 0; i < 40; i++)
            await RaiseAsync(id, "item", i);

        Assert.Equal(Enumerable.Range(0, 40), await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public virtual async Task ContinueAsNew_ResultsOfTheOldExecution_DoNotReachTheNewOne()
    {
        var gates = NewGates(2);
        OrchestratorReference<int, string> main = new("Main");
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Activity(Slow, async (_, x, _) =>
            {
                await gates[x].PassDeafAsync();
                Ledger.Add($"slow {x}");
                return $"execution {x}";
            })
            .Orchestrator(main, async (context, x) =>
            {
                var slow = context.CallActivityAsync(Slow, x);
                if (x == 1)
                    return await slow;
                await context.CallActivityAsync(Work, 0);
                context.ContinueAsNew(1);
                return "dropped";
            }));
        var id = await StartAsync(main, 0);
        await WithinPatienceAsync(gates[1].Entered, "the second execution runs");

        gates[0].Open();
        await LedgerHasAsync("slow 0");
        await LaterAsync();
        Assert.False((await StateAsync(id)).RuntimeStatus.IsFinal());
        gates[1].Open();

        Assert.Equal("execution 1", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task ContinueAsNew_IdempotencyKeysAndGuids_AreNotUsedAgain()
    {
        var keys = new ConcurrentQueue<string>();
        var guids = new Visits<Guid>();
        await HostAsync(c => c
            .Activity(Work, (context, x, _) =>
            {
                keys.Enqueue(context.IdempotencyKey);
                return Task.FromResult(x + 1);
            })
            .Orchestrator(Main, async (context, x) =>
            {
                guids.Note($"{x}", context.NewGuid());
                x = await context.CallActivityAsync(Work, x);
                if (x < 10)
                    context.ContinueAsNew(x);
                return x;
            }));

        await ResultAsync(Main, 0);

        Assert.Equal(10, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(10, guids.ByPoint.Values.Select(v => v[0]).Distinct().Count());
        Assert.All(guids.ByPoint.Values, v => Assert.Single(v.Distinct()));
    }

    [Fact]
    public async Task ContinueAsNew_LaterExecutionFails_FailsTheRun()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, x) =>
        {
            if (x == 3)
                throw new InvalidOperationException("third");
            context.ContinueAsNew(x + 1);
            return Task.FromResult(x);
        }));

        Assert.Equal("third", (await FailedAsync(await StartAsync(Main, 0))).Message);
    }

    [Fact]
    public async Task ContinueAsNew_ThenTerminate_EndsTheRun()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, x) =>
        {
            Ledger.Add($"execution {x}");
            // Not shorter: Durable Functions loses a termination that waits behind the event after which a run continues as new.
            await context.CreateTimerAsync(TimeSpan.FromMilliseconds(50));
            context.ContinueAsNew(x + 1);
            return x;
        }));
        var id = await StartAsync(Main, 0);
        await LedgerHasAsync("execution 3");

        await Client.TerminateAsync(id, "no end in sight", Patience);

        await EndedAsAsync(id, RuntimeStatus.Terminated);
    }
}
