using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Conformance;

/// <summary>Time, identifiers and logs as orchestrators see them: the same on every replay.</summary>
public abstract class DeterminismConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private const int Steps = 6;
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public async Task UtcNow_StandsStillBetweenAwaitsAndNeverGoesBack()
    {
        OrchestratorReference<int, DateTimeOffset[]> times = new("Times");
        await HostAsync(c => Working(c).Orchestrator(times, async (context, n) =>
        {
            var seen = new List<DateTimeOffset>();
            for (var i = 0; i < n; i++)
            {
                seen.Add(context.UtcNow);
                Thread.SpinWait(200_000);
                seen.Add(context.UtcNow);
                await context.CallActivityAsync(Work, i);
            }

            return [.. seen];
        }));

        var seen = await ResultAsync(times, Steps);

        Assert.Equal(2 * Steps, seen.Length);
        for (var i = 0; i < seen.Length; i += 2)
            Assert.Equal(seen[i], seen[i + 1]);
        Assert.Equal(seen.Order(), seen);
        Assert.All(seen, t => Assert.Equal(TimeSpan.Zero, t.Offset));
    }

    [Fact]
    public async Task UtcNow_OnReplay_IsTheRecordedTime()
    {
        var visits = await VisitAsync(context => context.UtcNow);

        Assert.All(visits, v => Assert.Single(v.Value.Distinct()));
    }

    [Fact]
    public async Task NewGuid_OnReplay_IsTheSame()
    {
        var visits = await VisitAsync(context => context.NewGuid());

        Assert.All(visits, v => Assert.Single(v.Value.Distinct()));
        Assert.Equal(Steps, visits.Select(v => v.Value[0]).Distinct().Count());
    }

    [Fact]
    public async Task NewGuid_IsOfVersion5AndDiffersWithinAndBetweenRuns()
    {
        OrchestratorReference<int, Guid[]> guids = new("Guids");
        await HostAsync(c => c.Orchestrator(guids, (context, n) => Task.FromResult(Enumerable.Range(0, n).Select(_ => context.NewGuid()).ToArray())));

        Guid[] all = [.. await ResultAsync(guids, 100, "a"), .. await ResultAsync(guids, 100, "b")];

        Assert.Equal(200, all.Distinct().Count());
        Assert.All(all, g => Assert.Equal(5, g.Version));
        Assert.All(all, g => Assert.InRange(g.Variant, 8, 11));
    }

    [Fact]
    public async Task IsReplaying_IsFalseOnTheFirstVisitAndTrueOnEveryOther()
    {
        var visits = await VisitAsync(context => context.IsReplaying);

        Assert.All(visits, v => Assert.False(v.Value[0], $"On its first visit to '{v.Key}' the orchestrator was told that it replays."));
        Assert.All(visits, v => Assert.All(v.Value.Skip(1), Assert.True));
        if (Flavour == HostFlavour.ForcedReplay)
            Assert.True(visits["0"].Length > 1, "Replay was asked for after every turn, and the orchestrator was not run again.");
    }

    [Fact]
    public async Task Names_AreTheRunsOwn()
    {
        var visits = await VisitAsync(context => (context.Name, context.InstanceId, context.ParentInstanceId));

        Assert.All(visits, v => Assert.All(v.Value, seen => Assert.Equal(("Main", "visited", null), seen)));
    }

    [Fact]
    public async Task ReplaySafeLogger_WritesEachEntryOnce()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, async (context, n) =>
        {
            var log = context.CreateReplaySafeLogger(CapturedLogs.Category);
            for (var i = 0; i < n; i++)
            {
                log.LogInformation("before {Step}", i);
                await context.CallActivityAsync(Work, i);
            }

            log.LogInformation("the end");
            return n;
        }));

        await ResultAsync(Main, Steps);

        Assert.Equal([.. Enumerable.Range(0, Steps).Select(i => $"before {i}"), "the end"], Ledger.Entries);
    }

    [Fact]
    public async Task CompletedTasksFromElsewhere_MayBeAwaited()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, async (context, n) =>
        {
            await Task.CompletedTask;
            n += await Task.FromResult(1);
            n = await context.CallActivityAsync(Work, n);
            n += await new ValueTask<int>(1);
            return await context.CallActivityAsync(Work, n);
        }));

        Assert.Equal(2, await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task TaskCompletionSources_OfTheOrchestratorItself_MayBeAwaited()
    {
        await HostAsync(c => Working(c).Orchestrator(Main, async (context, n) =>
        {
            var ready = new TaskCompletionSource<int>();
            async Task<int> ConsumeAsync() => await context.CallActivityAsync(Work, await ready.Task);
            var consumer = ConsumeAsync();
            await context.CallActivityAsync(Work, n);
            ready.SetResult(n + 1);
            return await consumer;
        }));

        Assert.Equal(5, await ResultAsync(Main, 4));
    }

    private static CatalogBuilder Working(CatalogBuilder catalog) => catalog.Activity(Work, x => x);

    private async Task<IReadOnlyDictionary<string, T[]>> VisitAsync<T>(Func<OrchestrationContext, T> see)
    {
        var visits = new Visits<T>();
        await HostAsync(c => Working(c).Orchestrator(Main, async (context, n) =>
        {
            for (var i = 0; i < n; i++)
            {
                visits.Note($"{i}", see(context));
                await context.CallActivityAsync(Work, i);
            }

            return n;
        }));
        await ResultAsync(Main, Steps, "visited");
        Assert.Equal(Steps, visits.ByPoint.Count);
        return visits.ByPoint;
    }
}
