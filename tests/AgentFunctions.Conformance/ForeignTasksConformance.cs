using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>
/// An orchestrator that leaves its engine's thread fails with an error that names the rule; it neither hangs nor corrupts its run.
/// For hosts that can tell; Durable Functions' worker can't in every case.
/// </summary>
public abstract class ForeignTasksConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public Task Await_TaskDelay_FailsTheRunNamingTheRule() => FailsAsync(async (context, x) =>
    {
        await Task.Delay(20);
        return await context.CallActivityAsync(Work, x);
    });

    [Fact]
    public Task Await_TaskDelayAfterAStep_FailsTheRunNamingTheRule() => FailsAsync(async (context, x) =>
    {
        x = await context.CallActivityAsync(Work, x);
        await Task.Delay(20);
        return await context.CallActivityAsync(Work, x);
    });

    [Fact]
    public Task Await_TaskRun_FailsTheRunNamingTheRule() => FailsAsync(async (context, x) =>
    {
        var y = await Task.Run(() =>
        {
            Thread.Sleep(20);
            return x;
        });
        return await context.CallActivityAsync(Work, y);
    });

    [Fact]
    public Task Await_TaskDelayWhileAStepIsOpen_FailsTheRunNamingTheRule() => FailsAsync(async (context, x) =>
    {
        var open = context.WaitForExternalEventAsync<int>("never");
        await Task.Delay(20);
        return await context.CallActivityAsync(Work, x) + await open;
    });

    [Fact]
    public Task Await_TaskDelayAsTheLastThing_FailsTheRunNamingTheRule() => FailsAsync(async (_, x) =>
    {
        await Task.Delay(20);
        return x;
    });

    [Fact]
    public Task Await_TaskThatEndsDuringTheTurn_FailsTheRunNamingTheRule() => FailsAsync(async (context, x) =>
    {
        var release = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task<int> LeaveAsync() => await context.CallActivityAsync(Work, await release.Task);
        var left = LeaveAsync();

        // The other thread ends the task while this one is still in its turn: its continuation must not slip into the turn.
        var other = new Thread(() => release.SetResult(x));
        other.Start();
        other.Join();
        Thread.SpinWait(1_000_000);
        return await left;
    });

    [Fact]
    public Task Call_FromAnotherThread_FailsTheRunNamingTheRule() => FailsAsync((context, x) => Task.Run(() => context.CallActivityAsync(Work, x)));

    [Fact]
    public async Task Call_FromAnotherThread_ThrowsThere()
    {
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Orchestrator(Main, (context, x) =>
            {
                // Blocks on purpose: the other thread calls while this one is in its turn. Task.Run could be inlined into it.
                Exception? thrown = null;
                var other = new Thread(() => thrown = Record.Exception(() => { _ = context.CallActivityAsync(Work, x); }));
                other.Start();
                other.Join();
                return Task.FromResult(thrown is InvalidOperationException ? 1 : 0);
            }));

        Assert.Equal(1, await ResultAsync(Main, 0));
    }

    private async Task FailsAsync(Func<OrchestrationContext, int, Task<int>> body)
    {
        OrchestratorReference<int, int> good = new("Good");
        await HostAsync(c => c
            .Activity(Work, x => x + 1)
            .Orchestrator(Main, body)
            .Orchestrator(good, (context, x) => context.CallActivityAsync(Work, x)));
        var id = await StartAsync(Main, 1);

        var failure = await FailedAsync(id);

        Assert.Contains("orchestrat", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("(?i)await|thread", failure.Message);
        Assert.Equal(2, await ResultAsync(good, 1));
        Assert.Equal(RuntimeStatus.Failed, (await StateAsync(id)).RuntimeStatus);
    }
}
