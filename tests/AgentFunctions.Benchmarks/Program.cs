using AgentFunctions.Benchmarks;
using AgentFunctions.Benchmarks.Balancing;
using AgentFunctions.Benchmarks.Caches;
using AgentFunctions.Benchmarks.Limits;
using AgentFunctions.Benchmarks.Patterns;
using AgentFunctions.Benchmarks.Peak;
using AgentFunctions.Benchmarks.Questions;
using AgentFunctions.Benchmarks.Routing;
using AgentFunctions.Benchmarks.Search;
using AgentFunctions.Benchmarks.Semantic;
using AgentFunctions.Benchmarks.TrafficControl;

// Usage: AgentFunctions.Benchmarks [--data DIR] [--cranfield DIR] [--banking77 DIR] [--zipf EXPONENT] [--seed N] [--scale N] [--times N] [--strict] [name ...]; without names all are run.
var data = Path.Combine(Path.GetTempPath(), "agentfunctions-benchmarks");
var cranfield = Cranfield.Default;
var banking = Banking77.Default;
var exponent = 1.1;
var seed = 1;
var pace = new Pace(10);
var times = 3.0;
var strict = false;
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--data" && i + 1 < args.Length)
    {
        data = args[++i];
    }
    else if (args[i] == "--cranfield" && i + 1 < args.Length)
    {
        cranfield = args[++i];
    }
    else if (args[i] == "--banking77" && i + 1 < args.Length)
    {
        banking = args[++i];
    }
    else if (args[i] == "--zipf" && i + 1 < args.Length && double.TryParse(args[i + 1], System.Globalization.CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= 3)
    {
        exponent = given;
        i++;
    }
    else if (args[i] == "--seed" && i + 1 < args.Length && int.TryParse(args[i + 1], System.Globalization.CultureInfo.InvariantCulture, out var number))
    {
        seed = number;
        i++;
    }
    else if (args[i] == "--scale" && i + 1 < args.Length && double.TryParse(args[i + 1], System.Globalization.CultureInfo.InvariantCulture, out var scale) && scale is >= 1 and <= 20)
    {
        pace = new Pace(scale);
        i++;
    }
    else if (args[i] == "--times" && i + 1 < args.Length && double.TryParse(args[i + 1], System.Globalization.CultureInfo.InvariantCulture, out var many) && many is > 0 and <= 20)
    {
        times = many;
        i++;
    }
    else if (args[i] == "--strict")
    {
        strict = true;
    }
    else
    {
        names.Add(args[i]);
    }
}

var benchmarks = new (string Name, Func<Bench, Task> Run)[]
{
    ("throughput", Throughput.RunAsync),
    ("latency", Latency.RunAsync),
    ("overhead", Overhead.RunAsync),
    ("idle", IdleInstances.RunAsync),
    ("recovery", Recovery.RunAsync),
    ("search", _ => SearchBenchmark.RunAsync(cranfield)),
    ("semantic", _ => SemanticBenchmark.RunAsync(banking, seed)),
    ("semantic-lookup", _ => SemanticLookup.RunAsync(seed)),
    ("pipeline", Pipelines.RunAsync),
    ("six-calls", SixCallExample.RunAsync),
    ("patterns", bench => PatternBenchmark.RunAsync(bench, pace)),
    ("cache", CacheBenchmark.RunAsync),
    ("limits", LimitsBenchmark.RunAsync),
    ("support-agent", bench => SupportBenchmark.RunAsync(bench, pace, banking, exponent, seed)),
    ("traffic", bench => TrafficBenchmark.RunAsync(bench, pace, banking, exponent, seed)),
    ("routing", _ => RoutingBenchmark.RunAsync(banking, seed)),
    ("peak", bench => PeakBenchmark.RunAsync(bench, times, seed, strict)),
    ("pools", _ => PoolsBenchmark.RunAsync(seed)),
    ("market-report", bench => PatternBenchmark.ReportAsync(bench, pace)),
};

var unknown = names.Where(n => benchmarks.All(b => b.Name != n)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no benchmark {string.Join(", ", unknown)}. There are: {string.Join(", ", benchmarks.Select(b => b.Name))}.");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, journal in {data}");
foreach (var (name, run) in benchmarks)
{
    if (names.Count == 0 || names.Contains(name))
    {
        Console.WriteLine();
        await run(new Bench(data));
    }
}

return 0;
