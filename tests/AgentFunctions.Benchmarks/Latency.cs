using System.Diagnostics;

namespace AgentFunctions.Benchmarks;

/// <summary>How long one run takes on an idle host.</summary>
internal static class Latency
{
    public static async Task RunAsync(Bench bench)
    {
        foreach (var (width, runs) in new[] { (500, 200), (5_000, 20) })
        {
            await using var engine = bench.Start(disk: true);
            var input = Bench.Number(width);
            for (var i = 0; i < runs / 4; i++)
            {
                await engine.RunAsync("FanOutOfNothing", input);
            }

            var times = new List<double>();
            for (var i = 0; i < runs; i++)
            {
                var from = Stopwatch.GetTimestamp();
                await engine.RunAsync("FanOutOfNothing", input);
                times.Add(Bench.Milliseconds(from));
            }

            times.Sort();
            Bench.Row($"one run of width {width}, disk + fsync, p50", $"{Bench.Quantile(times, 0.5):n1} ms", $"p99 {Bench.Quantile(times, 0.99):n1} ms");
        }
    }
}
