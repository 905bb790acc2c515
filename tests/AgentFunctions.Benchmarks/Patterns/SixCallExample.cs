using System.Diagnostics;
using Microsoft.Extensions.AI;

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
        foreach (var (scale, runs) in new[] { (1, 5), (10, 15) })
        {
            var pace = new Pace(scale);
            await using var host = await PatternHost.StartAsync(bench.Folder, pace);
            Console.WriteLine($"{pace}; median of {runs}, disk + fsync, models over HTTP; at best {5000 / scale:n0} ms");
            await RowAsync(host, new("six calls as a task graph", "TaskGraph", Graph), runs, PlainGraphAsync);
            await RowAsync(host, new("six calls as a fan-out", "ToolFanOut", FanOut), runs, host => Task.WhenAll(fanned.Select(milliseconds => Task.Delay(host.Pace.Of(milliseconds)))));
        }
    }

    private static async Task RowAsync(PatternHost host, Scenario scenario, int runs, Func<PatternHost, Task> plain)
    {
        var best = 5000 / host.Pace.Scale;
        var figures = await scenario.MeasureAsync(host, host.Pace, runs);
        var (elapsed, engine) = (figures.Elapsed, figures.Elapsed - figures.Path.Work);
        Bench.Row(figures.Name, $"{elapsed:n1} ms", $"{elapsed - best:n1} ms ({(elapsed / best) - 1:p2}) above {best:n0} ms, of that {engine:n1} ms ({engine / best:p2}) beyond the work on the path; one after the other {figures.Sequential:n0} ms");
        var tasks = await PlainAsync(() => plain(host), runs);
        Bench.Row("the same calls as plain tasks, without engine or journal", $"{tasks:n1} ms", $"{tasks - best:n1} ms above {best:n0} ms; the durable run takes {elapsed - tasks:n1} ms ({(elapsed / tasks) - 1:p2}) longer");
    }

    private static async Task<double> PlainAsync(Func<Task> plain, int runs)
    {
        var times = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await plain();
            times.Add(Bench.Milliseconds(from));
        }

        times.Sort();
        return Bench.Quantile(times, 0.5);
    }

    private static async Task PlainGraphAsync(PatternHost host)
    {
        var model = host.Models.Resolve("balanced").Client;
        var prices = Task.Delay(host.Pace.Of(3500));
        await AskAsync();
        await Task.WhenAll(Task.Delay(host.Pace.Of(2000)), Task.Delay(host.Pace.Of(2500)), Task.Delay(host.Pace.Of(3000)), prices);
        await AskAsync();

        async Task AskAsync() => await model.GetResponseAsync([new(ChatRole.System, Pace.Says(40)), new(ChatRole.User, "Plan the answer.")]);
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
