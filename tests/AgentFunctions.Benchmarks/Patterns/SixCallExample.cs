using System.Diagnostics;

namespace AgentFunctions.Benchmarks.Patterns;

/// <summary>
/// Six calls that take 13 s one after the other and 5.0 s at best: once as a task graph (a model plans, 1 s; three tools of 2, 2.5 and 3 s; another of 3.5 s that needs no plan;
/// a model writes, 1 s) and once as a fan-out of six tools, the longest of 5 s.
/// </summary>
internal static class SixCallExample
{
    private static readonly int[] fanned = [5000, 3000, 2000, 1500, 1000, 500];

    public static async Task RunAsync(Bench bench)
    {
        foreach (var (scale, runs) in new[] { (1, 3), (5, 7), (10, 7) })
        {
            var pace = new Pace(scale);
            await using var host = await PatternHost.StartAsync(bench.Folder, pace);
            Console.WriteLine($"{pace}; median of {runs}, disk + fsync, models over HTTP; at best {5000 / scale:n0} ms");
            foreach (var scenario in new Scenario[] { new("six calls as a task graph", "TaskGraph", Graph), new("six calls as a fan-out", "ToolFanOut", FanOut) })
            {
                var figures = await scenario.MeasureAsync(host, pace, runs);
                var best = 5000.0 / scale;
                Bench.Row(figures.Name, $"{figures.Elapsed:n1} ms", $"{figures.Elapsed - best:n1} ms ({(figures.Elapsed / best) - 1:p2}) above {best:n0} ms; one after the other {figures.Sequential:n0} ms; work on the path {figures.Path.Work:n1} ms");
            }

            Bench.Row("the fan-out as plain tasks, without engine or journal", $"{await PlainAsync(pace, runs):n1} ms");
        }
    }

    private static async Task<double> PlainAsync(Pace pace, int runs)
    {
        var times = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await Task.WhenAll(fanned.Select(milliseconds => Task.Delay(pace.Of(milliseconds))));
            times.Add(Bench.Milliseconds(from));
        }

        times.Sort();
        return Bench.Quantile(times, 0.5);
    }

    private static object Graph(Pace pace) => new
    {
        nodes = new object[]
        {
            // 600 ms to the first token and 40 tokens of 10 ms each.
            new { key = "plan", model = new { name = "balanced", instructions = Pace.Says(40), prompt = "Plan the answer." } },
            Tool(pace, "web", 2000),
            Tool(pace, "archive", 2500),
            Tool(pace, "database", 3000),
            Tool(pace, "prices", 3500),
            new { key = "write", model = new { name = "balanced", instructions = Pace.Says(40), prompt = "{{web}} {{archive}} {{database}} {{prices}}" } },
        },
        edges = new[] { ("plan", "web"), ("plan", "archive"), ("plan", "database"), ("web", "write"), ("archive", "write"), ("database", "write"), ("prices", "write") }.Select(edge => new { from = edge.Item1, to = edge.Item2 }),
    };

    private static object FanOut(Pace pace) => new { calls = fanned.Select(milliseconds => new { tool = "work", arguments = pace.Work(milliseconds, "done") }) };

    private static object Tool(Pace pace, string key, double milliseconds) => new { key, tool = new { name = "work", arguments = pace.Work(milliseconds, key) } };
}
