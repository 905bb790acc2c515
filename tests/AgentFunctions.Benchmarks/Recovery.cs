using System.Diagnostics;

namespace AgentFunctions.Benchmarks;

/// <summary>How fast a journal of a million events is read back at start.</summary>
internal static class Recovery
{
    public static async Task RunAsync(Bench bench)
    {
        const int Runs = 1000;
        const int Width = 500;
        await using (var engine = bench.Start(disk: true))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Runs), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) => await engine.RunAsync("FanOutOfNothing", Bench.Number(Width)));
        }

        // A start, a schedule and an outcome an activity, an end.
        const long Events = (long)Runs * ((2 * Width) + 2);
        var from = Stopwatch.GetTimestamp();
        await using var recovered = bench.Start(disk: true, keep: true);
        var milliseconds = Bench.Milliseconds(from);
        Bench.Row($"recovery of {Events:n0} events", $"{Events / milliseconds * 1000:n0}/s", $"{milliseconds:n0} ms, {recovered.Engine.InstanceCount:n0} runs");
    }
}
