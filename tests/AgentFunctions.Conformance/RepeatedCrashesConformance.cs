using System.Collections.Concurrent;
using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>One run through many crashes. For hosts that implement <see cref="IRestartableHost"/>.</summary>
public abstract class RepeatedCrashesConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly ActivityReference<int, int> Held = new("Held");

    [Fact]
    public async Task Crashes_InTheMiddleOfAFanOut_NothingRecordedRunsAgain()
    {
        const int Width = 60;
        OrchestratorReference<int, int[]> wide = new("Wide");
        await HostAsync(c => Working(c).Orchestrator(wide, async (context, n) =>
        {
            var results = await Task.WhenAll(Enumerable.Range(0, n).Select(i => StepsAsync(context, i)).ToList());
            return results;

            static async Task<int> StepsAsync(OrchestrationContext context, int i)
            {
                var x = await context.CallActivityAsync(Work, i);
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(i % 7 * 10));
                return await context.CallActivityAsync(Work, 1_000 + x);
            }
        }));
        var id = await StartAsync(wide, Width);

        var recorded = new HashSet<int>();
        for (var crash = 1; crash <= 3; crash++)
        {
            var wanted = crash * 15;
            var steps = await UntilAsync(() => StepsAsync(id), s => s.Count(x => x.EndedAt is not null) >= wanted, $"{wanted} steps are recorded");
            var before = Ledger.Entries.Count;
            recorded.UnionWith(steps.Where(s => s is { Kind: StepKind.Activity, Status: StepStatus.Completed }).Select(s => s.Id));
            await CrashAndRestartAsync();
            var kept = (await StepsAsync(id)).Where(s => s is { Kind: StepKind.Activity, Status: StepStatus.Completed }).Select(s => s.Id).ToHashSet();
            Assert.Superset(recorded, kept);
            Assert.True(Ledger.Entries.Count >= before);
        }

        Assert.Equal(Enumerable.Range(1_000, Width), await ResultOfAsync<int[]>(id));
        var runs = Ledger.Entries.CountBy(e => e, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(2 * Width, runs.Count);
        Assert.All(runs, r => Assert.InRange(r.Value, 1, 4));
    }

    [Fact]
    public async Task Run_CrashedAfterEachOfItsSteps_RunsEachOnce()
    {
        var gates = NewGates(8);
        var attempts = new ConcurrentDictionary<int, int>();
        await HostAsync(c => Working(c)
            .Activity(Held, async (_, step, token) =>
            {
                // The step before is recorded once this one runs: so it may crash here.
                if (attempts.AddOrUpdate(step, 1, (_, n) => n + 1) == 1)
                    await gates[step].PassAsync(token);
                return step;
            })
            .Orchestrator(Main, async (context, n) =>
            {
                for (var i = 0; i < n; i++)
                {
                    await context.CallActivityAsync(Work, i);
                    await context.CallActivityAsync(Held, i);
                }

                return n;
            }));
        var id = await StartAsync(Main, gates.Length);

        foreach (var gate in gates)
        {
            await WithinPatienceAsync(gate.Entered, "the next step runs");
            await CrashAndRestartAsync();
        }

        Assert.Equal(gates.Length, await ResultOfAsync<int>(id));
        Assert.Equal(Enumerable.Range(0, gates.Length).Select(Entry), Ledger.Entries);
        Assert.All(attempts.Values, n => Assert.Equal(2, n));
    }

    private static string Entry(int x) => x.ToString(CultureInfo.InvariantCulture);

    private CatalogBuilder Working(CatalogBuilder catalog) => catalog.Activity(Work, x =>
    {
        Ledger.Add(Entry(x));
        return x;
    });
}
