using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Policies.Balancing;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Benchmarks.Balancing;

/// <summary>
/// What callers wait for a model behind four deployments of which one is slow, or hangs: calls in turn, as a plain round robin makes them, against each strategy. Every deployment is a
/// provider simulator over HTTP: 100 ms on average (lognormal, 0.3), the slow one 2 s. Calls come evenly, whatever becomes of those before; each pass begins knowing nothing.
/// </summary>
internal static class PoolsBenchmark
{
    private const int PerSecond = 50;
    private const int Sick = 2;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(int seed)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pools: four deployments over HTTP, {PerSecond} calls a second for {Span.TotalSeconds} s, timeout {Timeout.TotalSeconds} s, seed {seed}"));
        Console.WriteLine("| one of four | strategy | p50 | p95 | p99 | in turn has this p99 times | calls to it | failed |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var well = Provider(seed);
        await PassAsync("as the others", well, strategy: null, seed, beside: null);
        foreach (var (illness, sick) in new[] { ("20 times slower", well with { BaseMilliseconds = 2000 }), ("hangs", well with { HangRate = 1 }) })
        {
            var inTurn = await PassAsync(illness, sick, strategy: null, seed, beside: null);
            foreach (var strategy in Enum.GetValues<BalancingStrategy>()) await PassAsync(illness, sick, strategy, seed, inTurn);
        }
    }

    private static ProviderSimulatorOptions Provider(int seed) => new() { Port = 0, Latency = LatencyShape.Lognormal, BaseMilliseconds = 100, MillisecondsPerToken = 0, Seed = seed };

    private static async Task<double> PassAsync(string illness, ProviderSimulatorOptions sick, BalancingStrategy? strategy, int seed, double? beside)
    {
        List<SimulatedProvider> providers = [];
        try
        {
            for (var i = 0; i < 4; i++) providers.Add(await SimulatedProvider.StartAsync((i == Sick ? sick : Provider(seed)) with { Seed = seed + i }));
            List<(ModelEndpoint Endpoint, IChatClient Client)> deployments =
                [.. providers.Select(provider => (new ModelEndpoint(provider.Endpoint), (IChatClient)new OpenAIChatClient("simulated", new OpenAIConnection { Endpoint = provider.Endpoint, Timeout = Timeout })))];

            // Connections are made before the clock runs.
            if (sick.HangRate == 0) await Task.WhenAll(deployments.Select(deployment => deployment.Client.GetResponseAsync("Ready?")));
            var before = providers[Sick].Stats.Requests;
            using IChatClient pooled = strategy is { } known
                ? new DeployedChatClient(deployments, new DeploymentPool("simulated", [.. deployments.Select(deployment => deployment.Endpoint)], new BalancingOptions { Strategy = known }, random: new Random(seed)))
                : new InTurn([.. deployments.Select(deployment => deployment.Client)]);
            var (times, failed) = await AskAsync(pooled);
            var p99 = Bench.Quantile(times, 0.99);
            var ratio = beside is { } other ? string.Create(CultureInfo.InvariantCulture, $"{other / p99:n1}") : "–";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {illness} | {strategy?.ToString() ?? "in turn, nothing learnt"} | {Bench.Quantile(times, 0.5):n0} ms | {Bench.Quantile(times, 0.95):n0} ms | {p99:n0} ms | {ratio} | {100.0 * (providers[Sick].Stats.Requests - before) / times.Count:n1} % | {failed} |"));
            return p99;
        }
        finally
        {
            foreach (var provider in providers) await provider.DisposeAsync();
        }
    }

    /// <summary>What each caller waited, in milliseconds, and how many had no answer in the end.</summary>
    private static async Task<(List<double> Sorted, int Failed)> AskAsync(IChatClient client)
    {
        var from = Stopwatch.GetTimestamp();
        List<Task<(double Milliseconds, bool Answered)>> asked = [];
        for (var i = 0; i < PerSecond * Span.TotalSeconds; i++)
        {
            var wait = TimeSpan.FromSeconds(i / (double)PerSecond) - Stopwatch.GetElapsedTime(from);
            if (wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait);
            asked.Add(Task.Run(() => OneAsync(client)));
        }

        var all = await Task.WhenAll(asked);
        return ([.. all.Select(one => one.Milliseconds).Order()], all.Count(one => !one.Answered));
    }

    private static async Task<(double Milliseconds, bool Answered)> OneAsync(IChatClient client)
    {
        var from = Stopwatch.GetTimestamp();
        try
        {
            await client.GetResponseAsync("Where is my order?");
            return (Bench.Milliseconds(from), true);
        }
        catch (TimeoutException)
        {
            return (Bench.Milliseconds(from), false);
        }
    }
}
