using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.Conformance;

/// <summary>Starting an ended run again, and removing it.</summary>
public abstract class RestartAndPurgeConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Tree = new("Tree");
    private static readonly OrchestratorReference<int, int> Waiting = new("Waiting");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public async Task Restart_WithANewId_RunsAgainFromItsInputAndKeepsTheOldRun()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 21, "first");

        var second = await Client.RestartAsync("first", withNewInstanceId: true, Patience);

        Assert.NotEqual("first", second);
        Assert.Equal(42, await ResultOfAsync<int>(second));
        Assert.Equal(21, FromJson<int>((await StateAsync(second)).Input));
        Assert.Equal(42, await ResultOfAsync<int>("first"));
        Assert.Equal(2, Ledger.Count("work 21"));
    }

    [Fact]
    public async Task Restart_OfATenantsRunWithANewId_IsThatTenantsToo()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 21, "acme~first");

        var second = await Client.RestartAsync("acme~first", withNewInstanceId: true, Patience);

        Assert.Equal("acme", Tenants.Of(second));
        Assert.Equal(42, await ResultOfAsync<int>(second));
    }

    [Fact]
    public async Task Restart_UnderTheSameId_RunsAgainFromItsInputWithAFreshHistory()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 21, "again");

        Assert.Equal("again", await Client.RestartAsync("again", withNewInstanceId: false, Patience));

        await LedgerHasAsync("work 21", times: 2);
        Assert.Equal(42, await ResultOfAsync<int>("again"));
        Assert.Single(await StepsAsync("again"));
    }

    [Fact]
    public async Task Restart_AFailedRun_CanSucceed()
    {
        var attempts = 0;
        await HostAsync(c => c
            .Activity(Work, x => Interlocked.Increment(ref attempts) == 1 ? throw new InvalidOperationException("first time") : x)
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));
        var id = await StartAsync(Main, 5);
        await FailedAsync(id);

        await Client.RestartAsync(id, withNewInstanceId: false, Patience);

        var state = await CompletedAsync(id);
        Assert.Equal(5, FromJson<int>(state.Output));
        Assert.Null(state.Failure);
    }

    [Fact]
    public async Task Restart_ATerminatedRun_IsNotTerminatedAgain()
    {
        await HostAsync(Build);
        var id = await StartAsync(Waiting, 1);
        await RaiseAsync(id, "not waited for", 1);
        await Client.TerminateAsync(id, "stop", Patience);
        await EndedAsAsync(id, RuntimeStatus.Terminated);

        await Client.RestartAsync(id, withNewInstanceId: false, Patience);
        await RaiseAsync(id, "go", 3);

        Assert.Equal(3, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Restart_WithANewIdBeforeTheEnd_StartsASecondRun()
    {
        await HostAsync(Build);
        var first = await StartAsync(Waiting, 1);

        var second = await Client.RestartAsync(first, withNewInstanceId: true, Patience);
        await RaiseAsync(first, "go", 1);
        await RaiseAsync(second, "go", 2);

        Assert.Equal(1, await ResultOfAsync<int>(first));
        Assert.Equal(2, await ResultOfAsync<int>(second));
    }

    [Fact]
    public async Task Budget_OfAStart_ReachesEveryActivityAndIsKeptByRestarts()
    {
        var budget = new BudgetLimit { Usd = 0.50m, Tokens = 1000 };
        OrchestratorReference<int, int> child = new("Child");
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await HostAsync(c => c
            .Activity(Work, (context, x, _) =>
            {
                seen.Enqueue($"{x} {context.Budget}");
                return Task.FromResult(x);
            })
            .Orchestrator(child, (context, x) => context.CallActivityAsync(Work, x))
            .Orchestrator(Main, async (context, x) =>
            {
                await context.CallActivityAsync(Work, x);
                if (x == 1) context.ContinueAsNew(2);
                return x == 1 ? 0 : await context.CallSubOrchestratorAsync(child, 3);
            }));

        await Client.StartAsync(Main.Name, ToJson(1), new StartOptions { InstanceId = "rich", Budget = budget }, Patience);
        await ResultOfAsync<int>("rich");
        await Client.StartAsync(Main.Name, ToJson(1), new StartOptions { InstanceId = "plain" }, Patience);
        await ResultOfAsync<int>("plain");
        var other = await Client.RestartAsync("rich", withNewInstanceId: true, Patience);
        await ResultOfAsync<int>(other);
        await Client.RestartAsync("rich", withNewInstanceId: false, Patience);
        await ResultOfAsync<int>("rich");

        string[] rich = [$"2 {budget}", $"3 {budget}"];
        Assert.Equal([$"1 {budget}", .. rich, "1 ", "2 ", "3 ", .. rich, .. rich], seen);
        Assert.Equal((budget, budget, null), ((await StateAsync("rich")).Budget, (await StateAsync(other)).Budget, (await StateAsync("plain")).Budget));
    }

    [Fact]
    public async Task Purge_RemovesTheRunAndItsSubOrchestrationsOnly()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 1, "bystander");
        await ResultAsync(Tree, 3, "tree");
        Assert.NotNull(await Client.GetAsync("tree-2", includePayloads: true, Patience));

        var removed = await Client.PurgeAsync("tree", Patience);

        Assert.Equal(4, removed);
        foreach (var id in new[] { "tree", "tree-2", "tree-1", "tree-0" })
        {
            Assert.Null(await Client.GetAsync(id, includePayloads: true, Patience));
            Assert.Null(await Client.GetHistoryAsync(id, Patience));
        }

        Assert.Equal(["bystander"], (await Client.ListAsync(new RunQuery(), Patience)).Runs.Select(r => r.InstanceId));
        await Assert.ThrowsAsync<RunNotFoundException>(() => Client.PurgeAsync("tree", Patience));
    }

    [Fact]
    public async Task Purge_FreesTheInstanceId()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 1, "reused");
        await Client.PurgeAsync("reused", Patience);

        var started = await Client.StartAsync(Main.Name, ToJson(2), new StartOptions { InstanceId = "reused" }, Patience);

        Assert.True(started.Created);
        Assert.Equal(4, await ResultOfAsync<int>("reused"));
        Assert.Single(await StepsAsync("reused"));
    }

    [Fact]
    public async Task Purge_AFailedAndATerminatedRun_RemovesThem()
    {
        await HostAsync(Build);
        var failed = (await Client.StartAsync(Main.Name, ToJson("no number"), new StartOptions(), Patience)).InstanceId;
        await FailedAsync(failed);
        var terminated = await StartAsync(Waiting, 0);
        await Client.TerminateAsync(terminated, null, Patience);
        await EndedAsAsync(terminated, RuntimeStatus.Terminated);

        Assert.Equal(1, await Client.PurgeAsync(failed, Patience));
        Assert.Equal(1, await Client.PurgeAsync(terminated, Patience));

        Assert.Empty((await Client.ListAsync(new RunQuery(), Patience)).Runs);
    }

    private void Build(CatalogBuilder catalog) => catalog
        .Activity(Work, x =>
        {
            Ledger.Add("work " + x.ToString(CultureInfo.InvariantCulture));
            return x * 2;
        })
        .Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x))
        .Orchestrator(Waiting, (context, _) => context.WaitForExternalEventAsync<int>("go"))
        .Orchestrator(Tree, (context, depth) => depth == 0
            ? Task.FromResult(0)
            : context.CallSubOrchestratorAsync(Tree, depth - 1, "tree-" + (depth - 1).ToString(CultureInfo.InvariantCulture)));
}
