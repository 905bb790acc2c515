using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>
/// A history that no longer fits the code fails its run with an error that names the step, what was expected and what came; it is never
/// handed to the wrong step. For hosts that implement <see cref="IRestartableHost"/>.
/// </summary>
public abstract class ChangedCodeConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Child = new("Child");
    private static readonly ActivityReference<int, int> Fetch = new("Fetch");
    private static readonly ActivityReference<int, int> Parse = new("Parse");
    private static readonly ActivityReference<int, int> Store = new("Store");

    [Fact]
    public async Task Replay_WithTheSameCode_GoesOn()
    {
        var id = await WaitingRunAsync();

        await CrashAndRestartAsync(c => Build(c, OriginalAsync));
        await RaiseAsync(id, "go", 1);

        Assert.Equal(3, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Replay_WithCodeChangedAfterTheRecordedSteps_GoesOn()
    {
        var id = await WaitingRunAsync();

        await CrashAndRestartAsync(c => Build(c, async (context, x) => await context.CallActivityAsync(Store, await OriginalAsync(context, x))));
        await RaiseAsync(id, "go", 1);

        Assert.Equal(103, await ResultOfAsync<int>(id));
    }

    [Fact]
    public virtual Task Replay_WithAnotherActivityAtAStep_FailsNamingBoth() => FailsAsync(["Parse", "Store"], async (context, x) =>
    {
        x = await context.CallActivityAsync(Fetch, x);
        x = await context.CallActivityAsync(Store, x);
        return x + await context.WaitForExternalEventAsync<int>("go");
    });

    [Fact]
    public Task Replay_WithATimerAtAStep_FailsNamingBoth() => FailsAsync(["Parse", "timer"], async (context, x) =>
    {
        x = await context.CallActivityAsync(Fetch, x);
        await context.CreateTimerAsync(TimeSpan.FromDays(1));
        return x + await context.WaitForExternalEventAsync<int>("go");
    });

    [Fact]
    public virtual Task Replay_WithASubOrchestrationAtAStep_FailsNamingBoth() => FailsAsync(["Parse", "Child"], async (context, x) =>
    {
        x = await context.CallActivityAsync(Fetch, x);
        x = await context.CallSubOrchestratorAsync(Child, x);
        return x + await context.WaitForExternalEventAsync<int>("go");
    });

    [Fact]
    public virtual Task Replay_WithAnEntityCallAtAStep_FailsNamingBoth() => FailsAsync(["Parse", "counter"], async (context, x) =>
    {
        x = await context.CallActivityAsync(Fetch, x);
        x = await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, x);
        return x + await context.WaitForExternalEventAsync<int>("go");
    });

    [Fact]
    public virtual Task Replay_WithAStepInsertedBefore_FailsNamingBoth() => FailsAsync(["Fetch", "Store"], async (context, x) =>
    {
        await context.CallActivityAsync(Store, x);
        return await OriginalAsync(context, x);
    });

    [Fact]
    public Task Replay_WithAStepRemoved_FailsNamingIt() => FailsAsync(["Parse"], async (context, x) =>
    {
        x = await context.CallActivityAsync(Fetch, x);
        return x + await context.WaitForExternalEventAsync<int>("go");
    });

    [Fact]
    public Task Replay_WithCodeThatEndsTooEarly_FailsNamingTheStep() => FailsAsync(["Fetch"], (_, x) => Task.FromResult(x));

    private static async Task<int> OriginalAsync(OrchestrationContext context, int x)
    {
        x = await context.CallActivityAsync(Fetch, x);
        x = await context.CallActivityAsync(Parse, x);
        context.SetCustomStatus("waiting");
        return x + await context.WaitForExternalEventAsync<int>("go");
    }

    private void Build(CatalogBuilder catalog, Func<OrchestrationContext, int, Task<int>> body) => catalog
        .Counter()
        .Activity(Fetch, x => x + 1)
        .Activity(Parse, x => x + 1)
        .Activity(Store, x =>
        {
            Ledger.Add("store");
            return x + 100;
        })
        .Orchestrator(Child, (_, x) => Task.FromResult(x))
        .Orchestrator(Main, body);

    private async Task<string> WaitingRunAsync()
    {
        await HostAsync(c => Build(c, OriginalAsync));
        var id = await StartAsync(Main, 0);
        await UntilAsync(() => StateAsync(id), s => s.CustomStatus is not null, "the run waits");
        return id;
    }

    private async Task FailsAsync(string[] named, Func<OrchestrationContext, int, Task<int>> changed)
    {
        var id = await WaitingRunAsync();

        await CrashAndRestartAsync(c => Build(c, changed));
        await RaiseUnlessEndedAsync(id);

        var failure = await FailedAsync(id);
        Assert.All(named, name => Assert.Contains(name, $"{failure.Step} {failure.Message}", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, Ledger.Count("store"));
    }

    /// <summary>A host may replay as soon as it is up, or when something comes.</summary>
    private async Task RaiseUnlessEndedAsync(string id)
    {
        try
        {
            await RaiseAsync(id, "go", 1);
        }
        catch (RunEndedException)
        {
            Assert.Equal(RuntimeStatus.Failed, (await StateAsync(id)).RuntimeStatus);
        }
    }
}
