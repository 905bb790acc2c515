using AgentFunctions.Core.Durable;

namespace AgentFunctions.Benchmarks;

/// <summary>How much memory a run takes that waits for an event.</summary>
internal static class IdleInstances
{
    private const int Instances = 100_000;

    public static async Task RunAsync(Bench bench)
    {
        await using var engine = bench.Start(disk: true);
        for (var i = 0; i < 2000; i++)
        {
            await engine.Client.StartAsync("WaitForever", Bench.Number(0), new StartOptions());
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForEachAsync(Enumerable.Range(0, Instances), new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (_, token) =>
            await engine.Client.StartAsync("WaitForever", Bench.Number(0), new StartOptions(), token));
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Instances;
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Bench.Row("memory of an idle run", $"{bytes:n0} bytes", $"{Instances:n0} of them; whole process {process.WorkingSet64 / 1e6:n0} MB");
        Bench.Row("idle runs in 1 GB", $"{(1L << 30) / bytes:n0}");
    }
}
