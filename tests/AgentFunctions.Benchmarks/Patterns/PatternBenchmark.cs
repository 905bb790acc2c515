namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>How long each pattern takes over its critical path, and how much sooner it is done than the same calls one after the other.</summary>
internal static class PatternBenchmark
{
    private const int Runs = 7;

    public static Task RunAsync(Bench bench, Pace pace) => TableAsync(bench, pace, Runs, [.. FanScenarios.All, .. FlowScenarios.All]);

    public static Task ReportAsync(Bench bench, Pace pace) => TableAsync(bench, pace, pace.Scale == 1 ? 1 : 3, [MarketReport.Scenario]);

    public static async Task TableAsync(Bench bench, Pace pace, int runs, IReadOnlyList<Scenario> scenarios)
    {
        await using var host = await PatternHost.StartAsync(bench.Folder, pace);
        Console.WriteLine($"{pace}; median of {runs}, disk + fsync, models over HTTP");
        Console.WriteLine(Figures.Head);
        Console.WriteLine(Figures.Rule);
        foreach (var scenario in scenarios) Console.WriteLine(await scenario.MeasureAsync(host, pace, runs));
    }
}
