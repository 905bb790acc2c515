using System.Collections.Concurrent;
using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Calling activities: in sequence, in parallel, each recorded once.</summary>
public abstract class ActivitiesConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int[]> Many = new("Many");
    private static readonly OrchestratorReference<int, string[]> Words = new("Words");
    private static readonly ActivityReference<int, int> Step = new("Step");

    [Fact]
    public async Task Call_InSequence_FeedsEachResultToTheNext()
    {
        await HostAsync(c => c
            .Activity(Step, x =>
            {
                Ledger.Add(x.ToString(CultureInfo.InvariantCulture));
                return x * 2;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                for (var i = 0; i < 10; i++)
                    x = await context.CallActivityAsync(Step, x);
                return x;
            }));

        Assert.Equal(1024, await ResultAsync(Main, 1));
        Assert.Equal(["1", "2", "4", "8", "16", "32", "64", "128", "256", "512"], Ledger.Entries);
    }

    [Fact]
    public async Task FanOut_OneThousand_ReturnsEveryResultInOrderAndRunsEachOnce()
    {
        await HostAsync(c => c
            .Activity(Step, x =>
            {
                Ledger.Add("step");
                return x * 3;
            })
            .Orchestrator(Many, (context, n) => Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Step, i)).ToList())));

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i * 3), await ResultAsync(Many, 1_000));
        Assert.Equal(1_000, Ledger.Count("step"));
    }

    [Fact]
    public async Task FanOut_Four_RunAtTheSameTime()
    {
        var gates = NewGates(4);
        await HostAsync(c => c
            .Activity(Step, async (_, x, token) =>
            {
                await gates[x].PassAsync(token);
                return x;
            })
            .Orchestrator(Many, (context, n) => Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Step, i)).ToList())));
        var id = await StartAsync(Many, 4);

        await WithinPatienceAsync(Task.WhenAll(gates.Select(g => g.Entered)), "four activities at the same time");
        foreach (var gate in gates.Reverse())
            gate.Open();

        Assert.Equal(new[] { 0, 1, 2, 3 }, await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task WhenAny_EachCompletionLeadsToACall_EveryCallHappensOnce()
    {
        ActivityReference<int, int> record = new("Record");
        await HostAsync(c => c
            .Activity(Step, async (_, x, token) =>
            {
                await Task.Delay(x * 7 % 13, token);
                return x;
            })
            .Activity(record, x =>
            {
                Ledger.Add(x.ToString(CultureInfo.InvariantCulture));
                return x;
            })
            .Orchestrator(Many, async (context, n) =>
            {
                var open = Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Step, i)).ToList();
                var order = new List<int>();
                while (open.Count > 0)
                {
                    var next = await Task.WhenAny(open);
                    open.Remove(next);
                    order.Add(await context.CallActivityAsync(record, await next));
                }

                return [.. order];
            }));

        var order = await ResultAsync(Many, 20);

        Assert.Equal(Enumerable.Range(0, 20), order.Order());
        Assert.Equal(order.Select(x => x.ToString(CultureInfo.InvariantCulture)), Ledger.Entries);
    }

    [Fact]
    public async Task Call_RecordedResult_IsNeverRunAgain()
    {
        await HostAsync(c => c
            .Activity(Step, x =>
            {
                Ledger.Add(x.ToString(CultureInfo.InvariantCulture));
                return x + 1;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                for (var i = 0; i < 25; i++)
                {
                    x = await context.CallActivityAsync(Step, x);
                    await context.CreateTimerAsync(TimeSpan.Zero);
                }

                return await context.WaitForExternalEventAsync<int>("go") + x;
            }));
        var id = await StartAsync(Main, 0);

        await LedgerHasAsync("24");
        await LaterAsync();
        await RaiseAsync(id, "go", 100);

        Assert.Equal(125, await ResultOfAsync<int>(id));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => i.ToString(CultureInfo.InvariantCulture)), Ledger.Entries);
    }

    [Fact]
    public async Task Call_Context_NamesTheRunTheActivityAndTheCall()
    {
        var seen = new ConcurrentDictionary<int, ActivityContext>();
        await HostAsync(c => c
            .Activity(Step, (context, x, _) =>
            {
                seen[x] = context;
                return Task.FromResult(x);
            })
            .Orchestrator(Main, async (context, n) =>
            {
                await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Step, i)).ToList());
                return await context.CallActivityAsync(Step, n);
            }));

        await ResultAsync(Main, 10, "who");

        Assert.Equal(11, seen.Count);
        Assert.All(seen.Values, c => Assert.Equal("who", c.InstanceId));
        Assert.All(seen.Values, c => Assert.Equal("Step", c.Name));
        Assert.Equal(11, seen.Values.Select(c => c.IdempotencyKey).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Call_Activity_IsMadeFromTheHostsServices()
    {
        await HostAsync(c => c
            .AddActivity(Step, services =>
            {
                var ledger = (Ledger?)services.GetService(typeof(Ledger)) ?? throw new InvalidOperationException("The host did not hand on its services.");
                return new TestActivity<int, int>((_, x, _) =>
                {
                    ledger.Add("made");
                    return Task.FromResult(x);
                });
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Step, x)));

        Assert.Equal(8, await ResultAsync(Main, 8));
        Assert.Equal(1, Ledger.Count("made"));
    }

    [Fact]
    public async Task Call_NameInOtherCase_FindsTheActivity()
    {
        await HostAsync(c => c
            .Activity(Step, x => x + 1)
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(new ActivityReference<int, int>("sTEP"), x)));

        Assert.Equal(2, await ResultAsync(Main, 1));
    }

    [Fact]
    public async Task Call_UnknownName_FailsNamingIt()
    {
        await HostAsync(c => c.Orchestrator(Words, async (context, x) =>
        {
            try
            {
                await context.CallActivityAsync(new ActivityReference<int, int>("NoSuchActivity"), x);
                return ["no failure"];
            }
            catch (TaskFailedException e)
            {
                return [e.Details.Message, e.Details.Permanent.ToString()];
            }
        }));

        var result = await ResultAsync(Words, 1);

        Assert.Contains("NoSuchActivity", result[0], StringComparison.Ordinal);
        Assert.Equal("True", result[1]);
    }

    [Fact]
    public async Task Call_NullAndEmptyValues_ArriveAsTheyAre()
    {
        ActivityReference<string?, string?> echo = new("Echo");
        await HostAsync(c => c
            .Activity(echo, x => x)
            .Orchestrator(Words, async (context, _) => [await context.CallActivityAsync(echo, null) ?? "null", await context.CallActivityAsync(echo, "") ?? "null"]));

        Assert.Equal(["null", ""], await ResultAsync(Words, 0));
    }

    [Fact]
    public async Task Return_WithAnActivityInFlight_EndsAtOnceAndStopsIt()
    {
        var watch = new TokenWatch();
        await HostAsync(c => c
            .Activity(Step, async (_, x, token) =>
            {
                await watch.RunUntilCancelledAsync(token);
                return x;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                _ = context.CallActivityAsync(Step, x);
                return await context.WaitForExternalEventAsync<int>("go");
            }));
        var id = await StartAsync(Main, 1);
        await WithinPatienceAsync(watch.Running, "the activity runs");

        await RaiseAsync(id, "go", 3);

        Assert.Equal(3, await ResultOfAsync<int>(id));
        await WithinPatienceAsync(watch.FiredAt, "the token of the activity that nobody waits for any more fires");
    }
}
