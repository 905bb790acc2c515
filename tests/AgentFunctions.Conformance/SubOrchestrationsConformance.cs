using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Sub-orchestrations: results, failures, instance IDs, nesting.</summary>
public abstract class SubOrchestrationsConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, string[]> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Child = new("Child");
    private static readonly OrchestratorReference<int, string> Who = new("Who");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly ActivityReference<int, string> Tenant = new("Tenant");

    [Fact]
    public async Task Sub_Result_ReachesItsCaller()
    {
        await HostAsync(c => c
            .Activity(Work, x =>
            {
                Ledger.Add("work");
                return x * 10;
            })
            .Orchestrator(Child, async (context, x) =>
            {
                await context.CreateTimerAsync(TimeSpan.Zero);
                return await context.CallActivityAsync(Work, x);
            })
            .Orchestrator(Main, async (context, x) => [$"{await context.CallSubOrchestratorAsync(Child, x)}", $"{await context.CallActivityAsync(Work, x)}"]));

        Assert.Equal(["40", "40"], await ResultAsync(Main, 4));
        Assert.Equal(2, Ledger.Count("work"));
    }

    [Fact]
    public async Task Sub_WithoutId_GetsOneOfItsOwnAndKnowsItsParent()
    {
        await HostAsync(c => c
            .Orchestrator(Who, (context, _) => Task.FromResult($"{context.InstanceId} of {context.ParentInstanceId}"))
            .Orchestrator(Main, async (context, _) =>
                [await context.CallSubOrchestratorAsync(Who, 1), await context.CallSubOrchestratorAsync(Who, 2), context.ParentInstanceId ?? "no parent"]));

        var result = await ResultAsync(Main, 0, "parent");

        Assert.Equal("no parent", result[2]);
        Assert.NotEqual(result[0], result[1]);
        foreach (var answer in result[..2])
        {
            Assert.EndsWith(" of parent", answer, StringComparison.Ordinal);
            var state = await CompletedAsync(answer[..^" of parent".Length]);
            Assert.Equal("parent", state.ParentInstanceId);
            Assert.Equal("Who", state.Name);
        }
    }

    [Fact]
    public async Task Sub_OfATenantsRun_IsThatTenantsToo()
    {
        await HostAsync(c => c
            .Activity(Tenant, (context, _, _) => Task.FromResult(Tenants.Of(context.InstanceId)))
            .Orchestrator(Who, async (context, depth) => depth == 0 ? await context.CallActivityAsync(Tenant, 0) : await context.CallSubOrchestratorAsync(Who, depth - 1))
            .Orchestrator(Main, async (context, _) => [await context.CallSubOrchestratorAsync(Who, 2)]));

        Assert.Equal(["acme"], await ResultAsync(Main, 0, "acme~parent"));
        Assert.Equal([Tenants.Default], await ResultAsync(Main, 0, "parent"));
    }

    [Fact]
    public async Task Sub_WithAnId_RunsUnderIt()
    {
        await HostAsync(c => c
            .Orchestrator(Who, (context, _) => Task.FromResult(context.InstanceId))
            .Orchestrator(Main, async (context, _) => [await context.CallSubOrchestratorAsync(Who, 1, "chosen")]));

        Assert.Equal(["chosen"], await ResultAsync(Main, 0));
        Assert.Equal("chosen", await ResultOfAsync<string>("chosen"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public virtual async Task Sub_IdAlreadyTaken_FailsAndLeavesTheOtherRunAlone(bool ended)
    {
        await HostAsync(c => c
            .Orchestrator(Child, (context, x) => x == 0 ? Task.FromResult(0) : context.WaitForExternalEventAsync<int>("go"))
            .Orchestrator(Main, (context, x) => MessageOfAsync(() => context.CallSubOrchestratorAsync(Child, x, "taken"))));
        await StartAsync(Child, ended ? 0 : 1, "taken");
        if (ended)
            await CompletedAsync("taken");

        var result = await ResultAsync(Main, 0);

        Assert.Contains("taken", result[0], StringComparison.Ordinal);
        if (!ended)
            await RaiseAsync("taken", "go", 6);
        Assert.Equal(ended ? 0 : 6, await ResultOfAsync<int>("taken"));
    }

    [Fact]
    public async Task Sub_OneIdTwiceInOneRun_TheSecondFails()
    {
        await HostAsync(c => c
            .Orchestrator(Child, (_, x) => Task.FromResult(x))
            .Orchestrator(Main, async (context, _) =>
            {
                var first = await context.CallSubOrchestratorAsync(Child, 1, "same");
                return [$"{first}", .. await MessageOfAsync(() => context.CallSubOrchestratorAsync(Child, 2, "same"))];
            }));

        var result = await ResultAsync(Main, 0);

        Assert.Equal("1", result[0]);
        Assert.Contains("same", result[1], StringComparison.Ordinal);
        Assert.Equal(1, await ResultOfAsync<int>("same"));
    }

    [Fact]
    public async Task Sub_Fails_CallerCatchesItsDetails()
    {
        await HostAsync(c => c
            .Orchestrator(Child, async (context, _) =>
            {
                await context.CreateTimerAsync(TimeSpan.Zero);
                throw new PermanentFailureException("child refused");
            })
            .Orchestrator(Main, async (context, x) =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync(Child, x);
                    return ["no failure"];
                }
                catch (TaskFailedException e)
                {
                    return [e.Details.Type, e.Details.Message, e.Details.Permanent.ToString()];
                }
            }));

        Assert.Equal(["PermanentFailureException", "child refused", "True"], await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task Sub_FailsUncaught_FailsItsCaller()
    {
        await HostAsync(c => c
            .Orchestrator(Child, (_, _) => throw new InvalidOperationException("child broke"))
            .Orchestrator(Main, async (context, x) => [$"{await context.CallSubOrchestratorAsync(Child, x)}"]));

        Assert.Equal("child broke", (await FailedAsync(await StartAsync(Main, 0))).Message);
    }

    [Fact]
    public async Task Sub_UnknownOrchestrator_FailsNamingIt()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, x) =>
            MessageOfAsync(() => context.CallSubOrchestratorAsync(new OrchestratorReference<int, int>("NoSuchOrchestrator"), x))));

        Assert.Contains("NoSuchOrchestrator", (await ResultAsync(Main, 0))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sub_TerminatedByAClient_FailsForItsCaller()
    {
        await HostAsync(c => c
            .Orchestrator(Child, (context, _) => context.WaitForExternalEventAsync<int>("never"))
            .Orchestrator(Main, (context, x) => MessageOfAsync(() => context.CallSubOrchestratorAsync(Child, x, "victim"))));
        var id = await StartAsync(Main, 0);
        await UntilAsync(async () => await Client.GetAsync("victim", includePayloads: false, Patience), s => s is not null, "the sub-orchestration is there");

        await Client.TerminateAsync("victim", "enough", Patience);

        Assert.NotEqual("no failure", (await ResultOfAsync<string[]>(id))[0]);
        await EndedAsAsync("victim", RuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Sub_Internal_StartsForItsCaller()
    {
        await HostAsync(c => c
            .AddOrchestrator(Child, new TestOrchestrator<int, int>((_, x) => Task.FromResult(x + 1)), isInternal: true)
            .Orchestrator(Main, async (context, x) => [$"{await context.CallSubOrchestratorAsync(Child, x)}"]));

        Assert.Equal(["2"], await ResultAsync(Main, 1));
    }

    [Fact]
    public async Task Subs_NestedThreeDeep_ReturnThroughEachLevel()
    {
        OrchestratorReference<int, string> nest = new("Nest");
        await HostAsync(c => c
            .Activity(Work, x => x * 100)
            .Orchestrator(nest, async (context, depth) => depth == 0
                ? (await context.CallActivityAsync(Work, 7)).ToString(CultureInfo.InvariantCulture)
                : $"({await context.CallSubOrchestratorAsync(nest, depth - 1)})"));

        Assert.Equal("(((700)))", await ResultAsync(nest, 3));
    }

    [Fact]
    public async Task Subs_FiftyAtOnce_EachRunsOnceAndReturnsInOrder()
    {
        await HostAsync(c => c
            .Activity(Work, x =>
            {
                Ledger.Add(x.ToString(CultureInfo.InvariantCulture));
                return x;
            })
            .Orchestrator(Child, (context, x) => context.CallActivityAsync(Work, x))
            .Orchestrator(Main, async (context, n) =>
                [.. (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallSubOrchestratorAsync(Child, i)).ToList())).Select(i => i.ToString(CultureInfo.InvariantCulture))]));

        var expected = Enumerable.Range(0, 50).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(expected, await ResultAsync(Main, 50));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Ledger.Entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sub_Cancelled_IsTerminatedAndItsActivitiesTokensFire()
    {
        var watch = new TokenWatch();
        await HostAsync(c => c
            .Activity(Work, async (_, x, token) =>
            {
                await watch.RunUntilCancelledAsync(token);
                return x;
            })
            .Orchestrator(Child, (context, x) => context.CallActivityAsync(Work, x))
            .Orchestrator(Main, async (context, x) =>
            {
                using var cancellation = new CancellationTokenSource();
                var child = context.CallSubOrchestratorAsync(Child, x, "loser", new CallOptions { Cancellation = cancellation.Token });
                await context.WaitForExternalEventAsync<int>("stop");
                cancellation.Cancel();
                try
                {
                    return [$"{await child}"];
                }
                catch (TaskCanceledException)
                {
                    return ["cancelled"];
                }
            }));
        var id = await StartAsync(Main, 0);
        await WithinPatienceAsync(watch.Running, "the activity runs");

        await RaiseAsync(id, "stop", 0);

        Assert.Equal(["cancelled"], await ResultOfAsync<string[]>(id));
        await EndedAsAsync("loser", RuntimeStatus.Terminated);
        await WithinPatienceAsync(watch.FiredAt, "the token of the sub-orchestration's activity fires");
    }

    [Fact]
    public async Task Sub_ContinuesAsNew_CallerGetsTheLastExecutionsResult()
    {
        await HostAsync(c => c
            .Orchestrator(Child, (context, x) =>
            {
                if (x < 5)
                    context.ContinueAsNew(x + 1);
                return Task.FromResult(x * 100);
            })
            .Orchestrator(Main, async (context, x) => [$"{await context.CallSubOrchestratorAsync(Child, x)}"]));

        Assert.Equal(["500"], await ResultAsync(Main, 1));
    }

    [Fact]
    public async Task Sub_CanBeSentEventsByItsId()
    {
        await HostAsync(c => c
            .Orchestrator(Child, (context, _) => context.WaitForExternalEventAsync<int>("go"))
            .Orchestrator(Main, async (context, x) => [$"{await context.CallSubOrchestratorAsync(Child, x, "asked")}"]));
        var id = await StartAsync(Main, 0);
        await UntilAsync(async () => await Client.GetAsync("asked", includePayloads: false, Patience), s => s is not null, "the sub-orchestration is there");

        await RaiseAsync("asked", "go", 12);

        Assert.Equal(["12"], await ResultOfAsync<string[]>(id));
    }

    private static async Task<string[]> MessageOfAsync(Func<Task<int>> call)
    {
        try
        {
            await call();
            return ["no failure"];
        }
        catch (TaskFailedException e)
        {
            return [e.Details.Message];
        }
    }
}
