using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Accepting runs: once for an ID, visible at once, any number in parallel.</summary>
public abstract class StartConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public async Task Start_TwiceWithOneId_StartsOnce()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Work, async (_, x, token) =>
            {
                Ledger.Add("work");
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));

        var first = await Client.StartAsync(Main.Name, ToJson(1), new StartOptions { InstanceId = "once" }, Patience);
        var second = await Client.StartAsync(Main.Name, ToJson(2), new StartOptions { InstanceId = "once" }, Patience);
        gate.Open();

        Assert.Equal(new StartedRun("once", Created: true), first);
        Assert.Equal(new StartedRun("once", Created: false), second);
        Assert.Equal(1, await ResultOfAsync<int>("once"));
        await LaterAsync();
        Assert.Equal(1, Ledger.Count("work"));
    }

    [Fact]
    public async Task Start_AgainAfterTheEnd_ChangesNothing()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) =>
        {
            return Task.FromResult(x);
        }));
        Assert.Equal(1, await ResultAsync(Main, 1, "ended"));

        var again = await Client.StartAsync(Main.Name, ToJson(2), new StartOptions { InstanceId = "ended" }, Patience);

        Assert.False(again.Created);
        await LaterAsync();
        Assert.Equal(1, await ResultOfAsync<int>("ended"));
    }

    [Fact]
    public async Task Start_TwentyInParallelWithOneId_StartsOnce()
    {
        await HostAsync(c => c
            .Activity(Work, x =>
            {
                Ledger.Add("work");
                return x;
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));

        var starts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Client.StartAsync(Main.Name, ToJson(i), new StartOptions { InstanceId = "one" }, Patience))));

        Assert.Single(starts, s => s.Created);
        Assert.All(starts, s => Assert.Equal("one", s.InstanceId));
        var winner = Array.FindIndex(starts, s => s.Created);
        Assert.Equal(winner, await ResultOfAsync<int>("one"));
        await LaterAsync();
        Assert.Equal(1, Ledger.Count("work"));
    }

    [Fact]
    public async Task Start_WithoutId_GivesEachRunItsOwn()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) => Task.FromResult(x)));

        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Client.StartAsync(Main.Name, ToJson(i), new StartOptions(), Patience)));

        Assert.All(starts, s => Assert.True(s.Created));
        Assert.Equal(50, starts.Select(s => s.InstanceId).Distinct(StringComparer.Ordinal).Count());
        for (var i = 0; i < starts.Length; i++)
            Assert.Equal(i, await ResultOfAsync<int>(starts[i].InstanceId));
    }

    [Fact]
    public async Task Start_TwoHundredAtOnce_AllComplete()
    {
        await HostAsync(c => c
            .Activity(Work, x => x + 1)
            .Orchestrator(Main, async (context, x) =>
            {
                x = await context.CallActivityAsync(Work, x);
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(50));
                return await context.CallActivityAsync(Work, x);
            }));

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => ResultAsync(Main, i)));

        Assert.Equal(Enumerable.Range(2, 200), results);
    }

    [Fact]
    public async Task Start_UnknownOrchestrator_IsRefusedByName()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) => Task.FromResult(x)));

        var error = await Assert.ThrowsAsync<OrchestratorNotFoundException>(() => Client.StartAsync("NoSuchThing", ToJson(1), new StartOptions(), Patience));

        Assert.Equal("NoSuchThing", error.OrchestratorName);
        Assert.Contains("Main", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@entity@key")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789+")]
    public async Task Start_WithAnIdOutsideTheRules_IsRefused(string instanceId)
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) => Task.FromResult(x)));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.StartAsync(Main.Name, ToJson(1), new StartOptions { InstanceId = instanceId }, Patience));

        Assert.Empty((await Client.ListAsync(new RunQuery(), Patience)).Runs);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("order:42|eu-west @home ü漢 😀")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Start_WithAnIdWithinTheRules_KeepsItAsItIs(string instanceId)
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) => Task.FromResult(x)));

        Assert.Equal(instanceId, await StartAsync(Main, 7, instanceId));

        Assert.Equal(7, await ResultOfAsync<int>(instanceId));
        Assert.Equal(instanceId, (await StateAsync(instanceId)).InstanceId);
    }

    [Fact]
    public virtual async Task Start_IdsThatDifferInCase_AreTwoRuns()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) => Task.FromResult(x)));

        await StartAsync(Main, 1, "Case");
        await StartAsync(Main, 2, "case");

        Assert.Equal(1, await ResultOfAsync<int>("Case"));
        Assert.Equal(2, await ResultOfAsync<int>("case"));
    }

    [Fact]
    public async Task Start_OrchestratorNameInOtherCase_Starts()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, x) => Task.FromResult(x)));

        var started = await Client.StartAsync("mAIN", ToJson(3), new StartOptions(), Patience);

        Assert.Equal(3, await ResultOfAsync<int>(started.InstanceId));
    }

    [Fact]
    public async Task Get_RightAfterStart_ShowsTheRun()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Work, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));

        var started = await Client.StartAsync(Main.Name, ToJson(5), new StartOptions { InstanceId = "seen", Priority = RunPriority.Interactive }, Patience);
        var state = await StateAsync(started.InstanceId);

        Assert.Equal("Main", state.Name);
        Assert.Equal("seen", state.InstanceId);
        Assert.Contains(state.RuntimeStatus, new[] { RuntimeStatus.Pending, RuntimeStatus.Running });
        Assert.Equal(5, FromJson<int>(state.Input));
        Assert.Null(state.Output);
        Assert.Null(state.CustomStatus);
        Assert.Null(state.Failure);
        Assert.Null(state.ParentInstanceId);
        Assert.Equal(RunPriority.Interactive, state.Priority);
        Assert.True(state.LastUpdatedTime >= state.CreatedTime);

        gate.Open();
        var ended = await CompletedAsync("seen");
        Assert.Equal(state.CreatedTime, ended.CreatedTime);
        Assert.True(ended.LastUpdatedTime >= state.LastUpdatedTime);
        Assert.Equal(RunPriority.Interactive, ended.Priority);
    }

    [Fact]
    public async Task Get_WithoutPayloads_LeavesThemOut()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, x) =>
        {
            context.SetCustomStatus("busy");
            return Task.FromResult(x);
        }));
        await ResultAsync(Main, 1, "bare");

        var state = await Client.GetAsync("bare", includePayloads: false, Patience);

        Assert.NotNull(state);
        Assert.Equal(RuntimeStatus.Completed, state.RuntimeStatus);
        Assert.Null(state.Input);
        Assert.Null(state.CustomStatus);
        Assert.Null(state.Output);
    }

    [Fact]
    public async Task WaitForCompletion_TokenFires_EndsTheWaitOnly()
    {
        await HostAsync(c => c.Orchestrator(Main, (context, _) => context.WaitForExternalEventAsync<int>("go")));
        var id = await StartAsync(Main, 0);
        using var impatience = new CancellationTokenSource();

        var wait = Client.WaitForCompletionAsync(id, impatience.Token);
        impatience.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
        await RaiseAsync(id, "go", 9);
        Assert.Equal(9, await ResultOfAsync<int>(id));
    }
}
