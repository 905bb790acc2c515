using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Custom status: what a run says of itself, at most 16 KB.</summary>
public abstract class CustomStatusConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, string> Main = new("Main");

    [Fact]
    public async Task Status_SetBeforeAnAwait_IsVisibleWhileTheRunWaits()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            context.SetCustomStatus("overwritten in the same turn");
            context.SetCustomStatus("one");
            await context.WaitForExternalEventAsync<int>("go");
            context.SetCustomStatus("two");
            await context.WaitForExternalEventAsync<int>("go");
            return "done";
        }));
        var id = await StartAsync(Main, 0);

        await UntilAsync(() => StateAsync(id), s => s.CustomStatus is not null && FromJson<string>(s.CustomStatus) == "one", "the custom status is 'one'");
        await RaiseAsync(id, "go", 0);
        await UntilAsync(() => StateAsync(id), s => FromJson<string>(s.CustomStatus) == "two", "the custom status is 'two'");
        await RaiseAsync(id, "go", 0);

        Assert.Equal("two", FromJson<string>((await CompletedAsync(id)).CustomStatus));
    }

    [Fact]
    public async Task Status_CanBeAnyValue()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) =>
        {
            context.SetCustomStatus(new Sample { Text = "half way", Numbers = [1, 2] });
            return Task.FromResult("done");
        }));

        var status = FromJson<Sample>((await RunAsync(Main, 0)).CustomStatus);

        Assert.Equal("half way", status.Text);
        Assert.Equal([1, 2], status.Numbers);
    }

    [Fact]
    public async Task Status_NeverSet_IsNull()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, _) => Task.FromResult("done")));

        Assert.Null((await RunAsync(Main, 0)).CustomStatus);
    }

    [Fact]
    public async Task Status_OfExactly16KB_IsTaken()
    {
        // 8,190 characters and two quotes are 8,192 UTF-16 units: 16 KB.
        await HostAsync(c => c.Orchestrator(Main, (context, length) =>
        {
            context.SetCustomStatus(new string('x', length));
            return Task.FromResult("taken");
        }));

        var state = await RunAsync(Main, 8_190);

        Assert.Equal("taken", FromJson<string>(state.Output));
        Assert.Equal(8_190, FromJson<string>(state.CustomStatus).Length);
    }

    [Fact]
    public async Task Status_Above16KB_IsRefusedWhereItIsSetAndTheOldOneStays()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, length) =>
        {
            context.SetCustomStatus("small");
            await context.CreateTimerAsync(TimeSpan.Zero);
            try
            {
                context.SetCustomStatus(new string('x', length));
                return "taken";
            }
            catch (ArgumentException e)
            {
                return e.Message;
            }
        }));

        var state = await CompletedAsync(await StartAsync(Main, 8_191));

        Assert.Contains("16", FromJson<string>(state.Output), StringComparison.Ordinal);
        Assert.Equal("small", FromJson<string>(state.CustomStatus));
    }

    [Fact]
    public async Task Status_Above16KBUncaught_FailsTheRunClearly()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, length) =>
        {
            context.SetCustomStatus(new string('x', length));
            return Task.FromResult("taken");
        }));

        var failure = await FailedAsync(await StartAsync(Main, 100_000));

        Assert.Equal("ArgumentException", failure.Type);
        Assert.Contains("16", failure.Message, StringComparison.Ordinal);
    }
}
