using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Steering what is not there, or has ended: a clear refusal, and nothing changed.</summary>
public abstract class SteeringErrorsConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Waiting = new("Waiting");

    [Fact]
    public async Task EveryCall_ForAnUnknownRun_SaysThatThereIsNone()
    {
        await HostAsync(Build);
        Func<Task>[] calls =
        [
            () => Client.RaiseEventAsync("nobody", "go", ToJson(1), Patience),
            () => Client.SuspendAsync("nobody", null, Patience),
            () => Client.ResumeAsync("nobody", null, Patience),
            () => Client.TerminateAsync("nobody", null, Patience),
            () => Client.RestartAsync("nobody", withNewInstanceId: true, Patience),
            () => Client.RestartAsync("nobody", withNewInstanceId: false, Patience),
            () => Client.PurgeAsync("nobody", Patience),
            () => Client.WaitForCompletionAsync("nobody", Patience),
            async () => await Client.WatchAsync("nobody", 0, Patience).GetAsyncEnumerator(Patience).MoveNextAsync(),
        ];

        foreach (var call in calls)
            Assert.Equal("nobody", (await Assert.ThrowsAsync<RunNotFoundException>(call)).InstanceId);
        Assert.Null(await Client.GetAsync("nobody", includePayloads: true, Patience));
        Assert.Null(await Client.GetHistoryAsync("nobody", Patience));
    }

    [Fact]
    public async Task RaiseSuspendResume_OnAnEndedRun_SayHowItEnded()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 1, "done");
        await StartAsync(Waiting, 1, "killed");
        await Client.TerminateAsync("killed", "enough", Patience);
        await EndedAsAsync("killed", RuntimeStatus.Terminated);

        foreach (var (id, status) in new[] { ("done", RuntimeStatus.Completed), ("killed", RuntimeStatus.Terminated) })
        {
            Func<Task>[] calls =
            [
                () => Client.RaiseEventAsync(id, "go", ToJson(1), Patience),
                () => Client.SuspendAsync(id, null, Patience),
                () => Client.ResumeAsync(id, null, Patience),
            ];
            foreach (var call in calls)
            {
                var error = await Assert.ThrowsAsync<RunEndedException>(call);
                Assert.Equal(id, error.InstanceId);
                Assert.Equal(status, error.Status);
            }

            Assert.Equal(status, (await StateAsync(id)).RuntimeStatus);
        }
    }

    [Fact]
    public async Task Terminate_AnEndedRun_ChangesNothing()
    {
        await HostAsync(Build);
        await ResultAsync(Main, 4, "done");

        await Client.TerminateAsync("done", "too late", Patience);

        await LaterAsync();
        Assert.Equal(4, await ResultOfAsync<int>("done"));
    }

    [Fact]
    public async Task Purge_ARunThatHasNotEnded_IsRefused()
    {
        await HostAsync(Build);
        var id = await StartAsync(Waiting, 1);

        var error = await Assert.ThrowsAsync<RunNotEndedException>(() => Client.PurgeAsync(id, Patience));

        Assert.Equal(id, error.InstanceId);
        await RaiseAsync(id, "go", 6);
        Assert.Equal(6, await ResultOfAsync<int>(id));
    }

    [Fact]
    public async Task Restart_InPlaceBeforeTheEnd_IsRefused()
    {
        await HostAsync(Build);
        var id = await StartAsync(Waiting, 1);

        var error = await Assert.ThrowsAsync<RunNotEndedException>(() => Client.RestartAsync(id, withNewInstanceId: false, Patience));

        Assert.Equal(id, error.InstanceId);
        await RaiseAsync(id, "go", 6);
        Assert.Equal(6, await ResultOfAsync<int>(id));
    }

    private static void Build(CatalogBuilder catalog) => catalog
        .Orchestrator(Main, (_, x) => Task.FromResult(x))
        .Orchestrator(Waiting, (context, _) => context.WaitForExternalEventAsync<int>("go"));
}
