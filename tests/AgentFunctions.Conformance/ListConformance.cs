using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Listing runs: filters, order, and pages that cover everything once.</summary>
public abstract class ListConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Quick = new("Quick");
    private static readonly OrchestratorReference<int, int> Broken = new("Broken");
    private static readonly OrchestratorReference<int, int> Waiting = new("Waiting");

    [Fact]
    public async Task List_ByStatus_GivesThoseRunsOnly()
    {
        await HostAsync(Build);
        await MakeOneOfEachAsync();

        Assert.Equal(["quick-1", "quick-2"], await IdsAsync(new RunQuery { Statuses = [RuntimeStatus.Completed] }));
        Assert.Equal(["broken-1"], await IdsAsync(new RunQuery { Statuses = [RuntimeStatus.Failed] }));
        Assert.Equal(["waiting-1"], await IdsAsync(new RunQuery { Statuses = [RuntimeStatus.Running] }));
        Assert.Equal(["waiting-2"], await IdsAsync(new RunQuery { Statuses = [RuntimeStatus.Suspended] }));
        Assert.Equal(["waiting-3"], await IdsAsync(new RunQuery { Statuses = [RuntimeStatus.Terminated] }));
        Assert.Equal(["broken-1", "waiting-3"], await IdsAsync(new RunQuery { Statuses = [RuntimeStatus.Failed, RuntimeStatus.Terminated] }));
        Assert.Equal(6, (await IdsAsync(new RunQuery())).Count);
    }

    [Fact]
    public async Task List_ByNameAndPrefix_GivesThoseRunsOnly()
    {
        await HostAsync(Build);
        await MakeOneOfEachAsync();

        Assert.Equal(["quick-1", "quick-2"], await IdsAsync(new RunQuery { Name = "Quick" }));
        Assert.Equal(["waiting-1", "waiting-2", "waiting-3"], await IdsAsync(new RunQuery { InstanceIdPrefix = "waiting-" }));
        Assert.Equal(["waiting-2"], await IdsAsync(new RunQuery { InstanceIdPrefix = "waiting-", Statuses = [RuntimeStatus.Suspended] }));
        Assert.Empty(await IdsAsync(new RunQuery { Name = "Nothing" }));
        Assert.Empty(await IdsAsync(new RunQuery { InstanceIdPrefix = "WAITING-" }));
    }

    [Fact]
    public async Task List_ByTime_IncludesFromAndExcludesTo()
    {
        await HostAsync(Build);
        await MakeOneOfEachAsync();
        var all = (await Client.ListAsync(new RunQuery(), Patience)).Runs;

        foreach (var pivot in all.Select(r => r.CreatedTime))
        {
            Assert.Equal(Ids(all.Where(r => r.CreatedTime >= pivot)), await IdsAsync(new RunQuery { CreatedFrom = pivot }));
            Assert.Equal(Ids(all.Where(r => r.CreatedTime < pivot)), await IdsAsync(new RunQuery { CreatedTo = pivot }));
        }

        Assert.Empty(await IdsAsync(new RunQuery { CreatedFrom = all[0].CreatedTime.AddDays(1) }));
    }

    [Fact]
    public async Task List_PutsTheNewestFirst()
    {
        await HostAsync(Build);
        for (var i = 0; i < 10; i++)
            await StartAsync(Waiting, i);

        var created = (await Client.ListAsync(new RunQuery(), Patience)).Runs.Select(r => r.CreatedTime).ToList();

        Assert.Equal(10, created.Count);
        Assert.Equal(created.OrderDescending(), created);
    }

    [Fact]
    public async Task List_PagesWhileRunsAreCreated_CoverEveryRunOnce()
    {
        await HostAsync(Build);
        var before = new List<string>();
        for (var i = 0; i < 60; i++)
            before.Add(await StartAsync(Waiting, i, "before-" + i.ToString(CultureInfo.InvariantCulture)));

        var seen = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Client.ListAsync(new RunQuery { PageSize = 7, ContinuationToken = continuation }, Patience);
            Assert.InRange(page.Runs.Count, 0, 7);
            seen.AddRange(page.Runs.Select(r => r.InstanceId));
            continuation = page.ContinuationToken;
            await StartAsync(Waiting, 0);
            await StartAsync(Waiting, 0);
        }
        while (continuation is not null && seen.Count < 1_000);

        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(before.Except(seen, StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_PagesWithAFilter_CoverEveryMatchOnce()
    {
        await HostAsync(Build);
        for (var i = 0; i < 20; i++)
        {
            await ResultAsync(Quick, i, "odd-" + i.ToString(CultureInfo.InvariantCulture));
            await StartAsync(Waiting, i, "even-" + i.ToString(CultureInfo.InvariantCulture));
        }

        var seen = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Client.ListAsync(new RunQuery { PageSize = 3, InstanceIdPrefix = "odd-", Statuses = [RuntimeStatus.Completed], ContinuationToken = continuation }, Patience);
            seen.AddRange(page.Runs.Select(r => r.InstanceId));
            continuation = page.ContinuationToken;
        }
        while (continuation is not null && seen.Count < 1_000);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => "odd-" + i.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_OfNothing_IsOneEmptyPage()
    {
        await HostAsync(Build);

        var page = await Client.ListAsync(new RunQuery(), Patience);

        Assert.Empty(page.Runs);
        Assert.Null(page.ContinuationToken);
    }

    [Fact]
    public async Task List_ReadsPayloadsOnlyWhereAskedFor()
    {
        await HostAsync(Build);
        await ResultAsync(Quick, 5);

        var without = Assert.Single((await Client.ListAsync(new RunQuery(), Patience)).Runs);
        var with = Assert.Single((await Client.ListAsync(new RunQuery { IncludePayloads = true }, Patience)).Runs);

        Assert.Null(without.Input);
        Assert.Null(without.Output);
        Assert.Equal(5, FromJson<int>(with.Input));
        Assert.Equal(5, FromJson<int>(with.Output));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    [InlineData(1_001, null)]
    [InlineData(100, "no token of ours")]
    public async Task List_WithAQueryOutsideTheRules_IsRefused(int pageSize, string? continuation)
    {
        await HostAsync(Build);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.ListAsync(new RunQuery { PageSize = pageSize, ContinuationToken = continuation }, Patience));
    }

    private static void Build(CatalogBuilder catalog) => catalog
        .Orchestrator(Quick, (_, x) => Task.FromResult(x))
        .Orchestrator(Broken, (_, _) => throw new InvalidOperationException("broken"))
        .Orchestrator(Waiting, (context, _) => context.WaitForExternalEventAsync<int>("go"));

    private static List<string> Ids(IEnumerable<RunState> runs) => [.. runs.Select(r => r.InstanceId).Order(StringComparer.Ordinal)];

    private async Task<List<string>> IdsAsync(RunQuery query) => Ids((await Client.ListAsync(query, Patience)).Runs);

    private async Task MakeOneOfEachAsync()
    {
        await ResultAsync(Quick, 1, "quick-1");
        await ResultAsync(Quick, 2, "quick-2");
        await FailedAsync(await StartAsync(Broken, 1, "broken-1"));
        await StartAsync(Waiting, 1, "waiting-1");
        await StartAsync(Waiting, 2, "waiting-2");
        await StartAsync(Waiting, 3, "waiting-3");
        await StatusAsync("waiting-1", RuntimeStatus.Running);
        await Client.SuspendAsync("waiting-2", null, Patience);
        await StatusAsync("waiting-2", RuntimeStatus.Suspended);
        await Client.TerminateAsync("waiting-3", null, Patience);
        await EndedAsAsync("waiting-3", RuntimeStatus.Terminated);
    }
}
