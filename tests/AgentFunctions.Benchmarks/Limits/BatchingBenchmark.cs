using System.Diagnostics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Benchmarks.Limits;

/// <summary>
/// The same calls for embeddings, one text each, in three lanes and at the same times, against the provider simulator: each a request of its own, and joined. An open
/// loop: calls come whether or not earlier ones have ended, so that waits are not hidden.
/// </summary>
internal static class BatchingBenchmark
{
    private const int Calls = 6_000;
    private const double PerSecond = 400;
    private static readonly RunPriority[] lanes = [RunPriority.Interactive, RunPriority.Workflow, RunPriority.Background];

    public static async Task RunAsync()
    {
        var plain = await MeasureAsync(model => model);
        var joined = await MeasureAsync(model => new BatchingEmbeddingGenerator(model, new BatchOptions(), TimeProvider.System));
        Bench.Row($"{Calls:n0} embeddings, 400 a second: requests, each by itself", $"{plain.Requests:n0}");
        Bench.Row($"{Calls:n0} embeddings, 400 a second: requests, joined", $"{joined.Requests:n0}", $"{1 - ((double)joined.Requests / plain.Requests):P1} saved");
        foreach (var lane in lanes) Bench.Row($"p95 of {lane}, each by itself and joined", $"{P95(plain, lane):n0}, {P95(joined, lane):n0} ms", $"{P95(joined, lane) / P95(plain, lane):n2} times");
    }

    private static double P95(Outcome outcome, RunPriority lane) => Bench.Quantile([.. outcome.Milliseconds[lane].Order()], 0.95);

    private static async Task<Outcome> MeasureAsync(Func<IEmbeddingGenerator<string, Embedding<float>>, IEmbeddingGenerator<string, Embedding<float>>> over)
    {
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 100, Latency = LatencyShape.Lognormal, MillisecondsPerToken = 0 });
        using var model = over(new OpenAIEmbeddingGenerator("vectors", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "any" }));
        await model.GenerateAsync(["warm"]);
        var random = new Random(1);
        var times = lanes.ToDictionary(lane => lane, _ => new List<double>());
        List<Task> calls = [];
        var clock = Stopwatch.StartNew();
        var due = 0.0;
        for (var i = 0; i < Calls; i++)
        {
            // Poisson arrivals.
            due += -Math.Log(1 - random.NextDouble()) / PerSecond;
            if (due - clock.Elapsed.TotalSeconds is var ahead && ahead > 0.001) await Task.Delay(TimeSpan.FromSeconds(ahead));
            calls.Add(CallAsync(i, lanes[random.Next(5) switch { 0 => 0, 4 => 2, _ => 1 }]));
        }

        await Task.WhenAll(calls);
        return new Outcome(provider.Stats.Requests, times);

        async Task CallAsync(int number, RunPriority lane)
        {
            var from = Stopwatch.GetTimestamp();
            await model.GenerateAsync([$"Text number {number} of a benchmark."], new EmbeddingGenerationOptions { Dimensions = 64, AdditionalProperties = new() { [ModelProperties.Priority] = lane } });
            lock (times) times[lane].Add(Bench.Milliseconds(from));
        }
    }

    private sealed record Outcome(long Requests, Dictionary<RunPriority, List<double>> Milliseconds);
}
