using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Observation;
using AgentFunctions.Core.Durable;
using Xunit.Sdk;

namespace AgentFunctions.Conformance;

/// <summary>Cancelling activities: the caller goes on at once, the activity is told promptly, and nothing waits for one that does not look.</summary>
public abstract class CancellationConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private const int Races = 7;
    private static readonly OrchestratorReference<int, string> Main = new("Main");
    private static readonly ActivityReference<int, string> Winner = new("Winner");
    private static readonly ActivityReference<int, string> Loser = new("Loser");

    [Fact]
    public async Task Race_Won_TheLosersTokenFiresPromptly()
    {
        var watches = Enumerable.Range(0, Races).Select(_ => new TokenWatch()).ToArray();
        var wonAt = new long[Races];
        await HostAsync(c => c
            .Activity(Winner, async (_, race, _) =>
            {
                await watches[race].Running;
                wonAt[race] = Stopwatch.GetTimestamp();
                return "won";
            })
            .Activity(Loser, async (_, race, token) =>
            {
                await watches[race].RunUntilCancelledAsync(token);
                return "lost";
            })
            .Orchestrator(Main, async (context, races) =>
            {
                var outcomes = new List<string>();
                for (var race = 0; race < races; race++)
                    outcomes.Add(await RaceAsync(context, race));
                return string.Join(',', outcomes.Distinct(StringComparer.Ordinal));
            }));

        Assert.Equal("won", await ResultAsync(Main, Races));

        var latencies = new List<TimeSpan>();
        for (var race = 0; race < Races; race++)
            latencies.Add(Stopwatch.GetElapsedTime(wonAt[race], await watches[race].FiredAt.WaitAsync(Patience)));
        AssertPrompt(latencies);
    }

    [Fact]
    public virtual async Task Race_Won_TheRunEndsWithoutWaitingForADeafLoser()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Winner, async (_, _, token) =>
            {
                await gate.Entered.WaitAsync(token);
                return "won";
            })
            .Activity(Loser, async (_, _, _) =>
            {
                await gate.PassDeafAsync();
                Ledger.Add("the loser ended");
                return "lost";
            })
            .Orchestrator(Main, RaceAsync));
        var id = await StartAsync(Main, 0);

        Assert.Equal("won", await ResultOfAsync<string>(id));
        Assert.Empty(Ledger.Entries);

        gate.Open();
        await LedgerHasAsync("the loser ended");
        await LaterAsync();
        Assert.Equal("won", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task Cancel_ALateResultOfTheLoser_IsNotDelivered()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Winner, x => $"winner {x}")
            .Activity(Loser, async (_, _, _) =>
            {
                await gate.PassDeafAsync();
                Ledger.Add("the loser ended");
                return "lost";
            })
            .Orchestrator(Main, async (context, x) =>
            {
                using var cancellation = new CancellationTokenSource();
                var loser = context.CallActivityAsync(Loser, x, new CallOptions { Cancellation = cancellation.Token });
                var first = await context.CallActivityAsync(Winner, 1);
                cancellation.Cancel();
                context.SetCustomStatus("cancelled");
                await context.WaitForExternalEventAsync<int>("go");
                var second = await context.CallActivityAsync(Winner, 2);
                return $"{first}, {second}, {loser.Status}";
            }));
        var id = await StartAsync(Main, 0);
        await WithinPatienceAsync(gate.Entered, "the loser runs");
        await UntilAsync(() => StateAsync(id), x => x.CustomStatus is not null, "the loser is cancelled");

        gate.Open();
        await LedgerHasAsync("the loser ended");
        await LaterAsync();
        await RaiseAsync(id, "go", 0);

        Assert.Equal("winner 1, winner 2, Canceled", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task Cancel_AnEndedCall_ChangesNothing()
    {
        await HostAsync(c => c
            .Activity(Winner, x => $"winner {x}")
            .Orchestrator(Main, async (context, x) =>
            {
                using var cancellation = new CancellationTokenSource();
                var call = context.CallActivityAsync(Winner, x, new CallOptions { Cancellation = cancellation.Token });
                await call;
                cancellation.Cancel();
                await context.CallActivityAsync(Winner, 2);
                return await call;
            }));

        Assert.Equal("winner 1", await ResultAsync(Main, 1));
    }

    [Fact]
    public async Task Call_TokenAlreadyCancelled_EndsAtOnce()
    {
        await HostAsync(c => c
            .Activity(Winner, x => $"winner {x}")
            .Orchestrator(Main, async (context, x) =>
            {
                try
                {
                    return await context.CallActivityAsync(Winner, x, new CallOptions { Cancellation = new CancellationToken(canceled: true) });
                }
                catch (TaskCanceledException)
                {
                    return "cancelled, then " + await context.CallActivityAsync(Winner, 2);
                }
            }));

        Assert.Equal("cancelled, then winner 2", await ResultAsync(Main, 1));
    }

    [Fact]
    public async Task Cancel_OneTokenForEightCalls_EndsThemAll()
    {
        const int Losers = 8;
        var watches = Enumerable.Range(0, Losers).Select(_ => new TokenWatch()).ToArray();
        await HostAsync(c => c
            .Activity(Loser, async (_, x, token) =>
            {
                await watches[x].RunUntilCancelledAsync(token);
                return "lost";
            })
            .Orchestrator(Main, async (context, n) =>
            {
                using var cancellation = new CancellationTokenSource();
                var options = new CallOptions { Cancellation = cancellation.Token };
                var calls = Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Loser, i, options)).ToList();
                await context.WaitForExternalEventAsync<int>("stop");
                cancellation.Cancel();
                await Task.WhenAny(Task.WhenAll(calls));
                return calls.Count(c => c.IsCanceled).ToString(CultureInfo.InvariantCulture);
            }));
        var id = await StartAsync(Main, Losers);
        foreach (var watch in watches)
            await WithinPatienceAsync(watch.Running, "the activity runs");

        await RaiseAsync(id, "stop", 0);

        Assert.Equal("8", await ResultOfAsync<string>(id));
        foreach (var watch in watches)
            await WithinPatienceAsync(watch.FiredAt, "the token fires");
    }

    [Fact]
    public async Task Cancel_OneOfTwoCalls_LeavesTheOtherAlone()
    {
        var watch = new TokenWatch();
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Winner, async (_, _, token) =>
            {
                await gate.PassAsync(token);
                return "undisturbed";
            })
            .Activity(Loser, async (_, _, token) =>
            {
                await watch.RunUntilCancelledAsync(token);
                return "lost";
            })
            .Orchestrator(Main, async (context, x) =>
            {
                using var cancellation = new CancellationTokenSource();
                var other = context.CallActivityAsync(Winner, x);
                _ = context.CallActivityAsync(Loser, x, new CallOptions { Cancellation = cancellation.Token });
                await context.WaitForExternalEventAsync<int>("stop");
                cancellation.Cancel();
                return await other;
            }));
        var id = await StartAsync(Main, 0);
        await WithinPatienceAsync(Task.WhenAll(gate.Entered, watch.Running), "both activities run");

        await RaiseAsync(id, "stop", 0);
        await WithinPatienceAsync(watch.FiredAt, "the token fires");
        gate.Open();

        Assert.Equal("undisturbed", await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task Terminate_TheTokensOfRunningActivitiesFirePromptly()
    {
        var watches = Enumerable.Range(0, Races).Select(_ => new TokenWatch()).ToArray();
        await HostAsync(c => c
            .Activity(Loser, async (_, x, token) =>
            {
                await watches[x].RunUntilCancelledAsync(token);
                return "lost";
            })
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Loser, x)));

        var latencies = new List<TimeSpan>();
        for (var race = 0; race < Races; race++)
        {
            var id = await StartAsync(Main, race);
            await WithinPatienceAsync(watches[race].Running, "the activity runs");
            await Client.TerminateAsync(id, null, Patience);
            var terminated = Stopwatch.GetTimestamp();
            latencies.Add(Stopwatch.GetElapsedTime(terminated, await watches[race].FiredAt.WaitAsync(Patience)));
            await EndedAsAsync(id, RuntimeStatus.Terminated);
        }

        AssertPrompt(latencies);
    }

    private static async Task<string> RaceAsync(OrchestrationContext context, int race)
    {
        using var cancellation = new CancellationTokenSource();
        var winner = context.CallActivityAsync(Winner, race);
        var loser = context.CallActivityAsync(Loser, race, new CallOptions { Cancellation = cancellation.Token });
        var first = await Task.WhenAny(winner, loser);
        cancellation.Cancel();
        try
        {
            await loser;
            return "the loser was not cancelled";
        }
        catch (TaskCanceledException)
        {
            return await first;
        }
    }

    /// <summary>The median counts, so that one pause of a busy test machine does not.</summary>
    private void AssertPrompt(List<TimeSpan> latencies)
    {
        var median = latencies.Order().ElementAt(latencies.Count / 2);
        if (median > Host.MaxCancellationLatency)
            throw new XunitException($"Tokens fired after {string.Join(", ", latencies)}: the median is above {Host.MaxCancellationLatency}.");
    }
}
