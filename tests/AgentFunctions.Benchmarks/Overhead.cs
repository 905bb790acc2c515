using System.Diagnostics;

namespace AgentFunctions.Benchmarks;

/// <summary>What a real run takes beyond its critical path: the same six waits as plain tasks, in the same process, are the yardstick.</summary>
internal static class Overhead
{
    public static async Task RunAsync(Bench bench)
    {
        await using var engine = bench.Start(disk: true);
        var (plain, durable) = (new List<double>(), new List<double>());
        for (var i = 0; i < 60; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await Task.Delay(25);
            await Task.WhenAll(new[] { 20, 24, 27, 30 }.Select(ms => Task.Delay(ms)));
            await Task.Delay(25);
            plain.Add(Bench.Milliseconds(from));
            from = Stopwatch.GetTimestamp();
            await engine.RunAsync("SixCalls", Bench.Number(0));
            durable.Add(Bench.Milliseconds(from));
        }

        plain.Sort();
        durable.Sort();
        var (best, took) = (Bench.Quantile(plain, 0.5), Bench.Quantile(durable, 0.5));
        Bench.Row("six calls, critical path 80 ms, as plain tasks, p50", $"{best:n2} ms");
        Bench.Row("the same as a durable run, disk + fsync, p50", $"{took:n2} ms", $"overhead {took - best:n2} ms, ratio {took / best:n3}");
    }
}
