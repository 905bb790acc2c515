using System.Diagnostics;

namespace AgentFunctions.Benchmarks;

/// <summary>Activities per second, by fan-out width.</summary>
internal static class Throughput
{
    public static async Task RunAsync(Bench bench)
    {
        foreach (var disk in new[] { true, false })
        {
            foreach (var (width, runs, atOnce) in new[] { (10, 6000, 500), (500, 120, 4), (5_000, 12, 1), (50_000, 2, 1) })
            {
                await using var engine = bench.Start(disk);
                await RunsAsync(engine, width, Math.Max(1, runs / 4), atOnce);
                var from = Stopwatch.GetTimestamp();
                await RunsAsync(engine, width, runs, atOnce);
                var milliseconds = Bench.Milliseconds(from);
                Bench.Row($"steps/s, width {width}, {atOnce} runs at once, {(disk ? "disk + fsync" : "memory")}", $"{width * (double)runs / milliseconds * 1000:n0}", $"{milliseconds / runs * atOnce:n1} ms a run");
            }
        }
    }

    private static async Task RunsAsync(BenchEngine engine, int width, int runs, int atOnce)
    {
        var input = Bench.Number(width);
        var left = runs;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await engine.RunAsync("FanOutOfNothing", input);
            }
        }));
    }
}
