using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>External events: none is lost, each ends one wait, in the order of arrival.</summary>
public abstract class ExternalEventsConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> One = new("One");
    private static readonly OrchestratorReference<int, int[]> Several = new("Several");
    private static readonly OrchestratorReference<int, string> Main = new("Main");
    private static readonly ActivityReference<int, int> Held = new("Held");

    [Fact]
    public async Task Event_RaisedBeforeItIsAwaited_IsNotLost()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Held, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(One, async (context, x) =>
            {
                x = await context.CallActivityAsync(Held, x);
                return x + await context.WaitForExternalEventAsync<int>("go");
            }));
        var id = await StartAsync(One, 1);
        await WithinPatienceAsync(gate.Entered, "the activity runs");

        await RaiseAsync(id, "go", 10);
        await LaterAsync();
        gate.Open();

        Assert.Equal(11, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Event_RaisedRightAfterStart_IsNotLost()
    {
        await HostAsync(c => c.Orchestrator(One, (context, _) => context.WaitForExternalEventAsync<int>("go")));

        for (var i = 0; i < 20; i++)
        {
            var id = await StartAsync(One, 0);
            await RaiseAsync(id, "go", i);
            Assert.Equal(i, await ResultOfAsync<int>(id));
        }
    }

    [Fact]
    public async Task Events_RaisedEarly_AreHandedOutInOrder()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Held, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(Several, async (context, n) =>
            {
                await context.CallActivityAsync(Held, n);
                return await ReceiveAsync(context, n);
            }));
        var id = await StartAsync(Several, 10);

        for (var i = 0; i < 10; i++)
            await RaiseAsync(id, "item", i);
        gate.Open();

        Assert.Equal(Enumerable.Range(0, 10), await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task Events_RaisedWhileAwaited_AreHandedOutInOrder()
    {
        await HostAsync(c => c.Orchestrator(Several, ReceiveAsync));
        var id = await StartAsync(Several, 50);

        for (var i = 0; i < 50; i++)
            await RaiseAsync(id, "item", i);

        Assert.Equal(Enumerable.Range(0, 50), await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task Events_RaisedInParallel_AllArriveOnce()
    {
        await HostAsync(c => c.Orchestrator(Several, ReceiveAsync));
        var id = await StartAsync(Several, 100);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => RaiseAsync(id, "item", i))));

        Assert.Equal(Enumerable.Range(0, 100), (await ResultOfAsync<int[]>(id)).Order());
    }

    [Fact]
    public async Task Events_TwoWaits_EachEventEndsOne()
    {
        await HostAsync(c => c.Orchestrator(Several, (context, _) =>
            Task.WhenAll(context.WaitForExternalEventAsync<int>("item"), context.WaitForExternalEventAsync<int>("item"))));
        var id = await StartAsync(Several, 0);

        await RaiseAsync(id, "item", 1);
        await LaterAsync();
        Assert.False((await StateAsync(id)).RuntimeStatus.IsFinal());
        await RaiseAsync(id, "item", 2);

        Assert.Equal(new[] { 1, 2 }, (await ResultOfAsync<int[]>(id)).Order());
    }

    [Fact]
    public async Task Event_NameInOtherCase_IsTheSameEvent()
    {
        await HostAsync(c => c.Orchestrator(One, async (context, _) =>
            await context.WaitForExternalEventAsync<int>("Approved") + await context.WaitForExternalEventAsync<int>("approveD")));
        var id = await StartAsync(One, 0);

        await RaiseAsync(id, "APPROVED", 1);
        await RaiseAsync(id, "approved", 2);

        Assert.Equal(3, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Event_OfAnotherName_IsKeptForItsOwnWait()
    {
        await HostAsync(c => c.Orchestrator(Several, async (context, _) =>
            [await context.WaitForExternalEventAsync<int>("first"), await context.WaitForExternalEventAsync<int>("second")]));
        var id = await StartAsync(Several, 0);

        await RaiseAsync(id, "second", 2);
        await RaiseAsync(id, "first", 1);

        Assert.Equal(new[] { 1, 2 }, await ResultOfAsync<int[]>(id));
    }

    [Fact]
    public async Task EventWithTimeout_EventFirst_ReturnsItAndDropsTheTimer()
    {
        await HostAsync(c => c.Orchestrator(One, (context, _) => context.WaitForExternalEventAsync<int>("go", TimeSpan.FromDays(1))));
        var id = await StartAsync(One, 0);

        await RaiseAsync(id, "go", 5);

        Assert.Equal(5, await ResultOfAsync<int>(id));
        Assert.Equal(StepStatus.Cancelled, Assert.Single(await StepsAsync(id), s => s.Kind == StepKind.Timer).Status);
    }

    [Fact]
    public async Task EventWithTimeout_TimerFirst_ThrowsTimeoutAndKeepsALaterEventForTheNextWait()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            try
            {
                await context.WaitForExternalEventAsync<int>("go", TimeSpan.FromMilliseconds(50));
                return "in time";
            }
            catch (TimeoutException e)
            {
                context.SetCustomStatus("late");
                return $"{e.Message} Then {await context.WaitForExternalEventAsync<int>("go")}";
            }
        }));
        var id = await StartAsync(Main, 0);

        await UntilAsync(() => StateAsync(id), s => s.CustomStatus is not null, "the wait has timed out");
        await RaiseAsync(id, "go", 7);

        var result = await ResultOfAsync<string>(id);
        Assert.Contains("'go'", result, StringComparison.Ordinal);
        Assert.EndsWith("Then 7", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventWait_Cancelled_EndsAndKeepsALaterEventForTheNextWait()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var wait = context.WaitForExternalEventAsync<int>("go", cancellation.Token);
            await context.WaitForExternalEventAsync<int>("stop");
            cancellation.Cancel();
            try
            {
                await wait;
                return "not cancelled";
            }
            catch (TaskCanceledException)
            {
                return $"cancelled, then {await context.WaitForExternalEventAsync<int>("go")}";
            }
        }));
        var id = await StartAsync(Main, 0);

        await RaiseAsync(id, "stop", 0);
        await RaiseAsync(id, "go", 8);

        Assert.Equal("cancelled, then 8", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task EventWait_TokenAlreadyCancelled_TakesNoEvent()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            await context.WaitForExternalEventAsync<int>("start");
            var wait = context.WaitForExternalEventAsync<int>("go", new CancellationToken(canceled: true));
            return $"{wait.Status}, then {await context.WaitForExternalEventAsync<int>("go")}";
        }));
        var id = await StartAsync(Main, 0);

        await RaiseAsync(id, "go", 8);
        await RaiseAsync(id, "start", 0);

        Assert.Equal("Canceled, then 8", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task Event_PayloadDoesNotFit_ThrowsWhereItIsAwaitedAndEndsThatWaitOnly()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            try
            {
                return $"took {await context.WaitForExternalEventAsync<int>("go")}";
            }
            catch (System.Text.Json.JsonException)
            {
                return $"refused one, then {await context.WaitForExternalEventAsync<int>("go")}";
            }
        }));
        var id = await StartAsync(Main, 0);

        await RaiseAsync(id, "go", "no number");
        await RaiseAsync(id, "go", 4);

        Assert.Equal("refused one, then 4", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task Event_NeverAwaited_DoesNotHoldTheRunOpen()
    {
        await HostAsync(c => c.Orchestrator(One, (context, _) => context.WaitForExternalEventAsync<int>("go")));
        var id = await StartAsync(One, 0);

        await RaiseAsync(id, "nobody waits for this", 1);
        await RaiseAsync(id, "go", 2);

        Assert.Equal(2, await ResultOfAsync<int>(id));
    }

    private static async Task<int[]> ReceiveAsync(OrchestrationContext context, int n)
    {
        var received = new int[n];
        for (var i = 0; i < n; i++)
            received[i] = await context.WaitForExternalEventAsync<int>("item");
        return received;
    }
}
