using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using AgentFunctions.Benchmarks.Patterns;
using AgentFunctions.Benchmarks.Questions;

namespace AgentFunctions.Benchmarks.TrafficControl;

/// <summary>
/// A bank's support on the embedded host, over HTTP: 64 customers, each with a question of banking77 (Zipf) for an agent that looks something up and answers, then the next one. One job in twelve is
/// a report over documents that nobody waits for. A closed loop: what is quicker is asked more, so throughput is what counts, and the latency at the same number of customers.
/// </summary>
internal static class TrafficBenchmark
{
    private const int Customers = 64;
    private const int Jobs = 1200;
    private const int ReportEvery = 12;

    public static async Task RunAsync(Bench bench, Pace pace, string folder, double exponent, int seed)
    {
        if (Banking77.Read(folder) is not { } questions)
        {
            Console.WriteLine($"traffic: there is no train.csv in {folder}; name the folder by --banking77.");
            return;
        }

        var asked = Traffic.Zipf(questions, exponent, Jobs, seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"traffic: {Jobs} jobs of {Customers} customers, {TrafficHost.Deployments} deployments, Zipf with exponent {exponent}, seed {seed}, {pace}; aims: 6 times the throughput, a third of the p95"));
        Console.WriteLine("| on | jobs a minute | times | p50 | p95 | of none | failed | model calls | refused by providers | cost |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        Pass? none = null;
        foreach (var plan in TrafficPlan.All)
        {
            var pass = await PassAsync(Path.Combine(bench.Folder, "traffic"), plan, asked, pace);
            none ??= pass;
            pass.Print(plan, none, pace);
        }
    }

    private static async Task<Pass> PassAsync(string folder, TrafficPlan plan, LabelledQuestion[] asked, Pace pace)
    {
        await using var host = await TrafficHost.StartAsync(folder, plan, pace);
        var next = -1;
        var done = new ConcurrentBag<Job>();
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Customers).Select(_ => Task.Run(CustomerAsync)));
        return new Pass([.. done], Stopwatch.GetElapsedTime(from), host.Answered, host.Throttled);

        async Task CustomerAsync()
        {
            for (var place = Interlocked.Increment(ref next); place < asked.Length; place = Interlocked.Increment(ref next))
            {
                var isReport = place % ReportEvery == 0;
                var began = Stopwatch.GetTimestamp();
                var (ended, cost) = await RunAsync(host.Http, plan, isReport, place, asked[place].Text);
                done.Add(new Job(isReport, ended, Bench.Milliseconds(began) * pace.Scale, cost));
            }
        }
    }

    private static async Task<(bool Ended, decimal Cost)> RunAsync(HttpClient http, TrafficPlan plan, bool isReport, int place, string question)
    {
        var cache = new { mode = plan.Cache ? "Use" : "Off" };
        var (orchestrator, input) = isReport
            ? ("MapReduce", (object)new { task = "What do these filings say of demand and price?", documents = FanScenarios.Documents(1).Append(new { id = $"order {place}", text = question }), chunkTokens = 120, groupSize = 6, cache })
            : ("AgentLoop", new { task = new { text = question }, instructions = "You are the support agent of a bank. Look the rules up, then answer in a few sentences.", model = plan.Routing ? "fast" : "capable", tools = new[] { "look-up" }, speculate = false, cache });
        var lane = !plan.Limits ? "workflow" : isReport ? "background" : "interactive";
        using var answer = await http.PostAsJsonAsync($"/api/runs/{orchestrator}?priority={lane}&wait=200s", input);
        var state = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (state.TryGetProperty("errors", out _)) throw new InvalidOperationException($"The host does not take the input: {state}");
        if (!state.TryGetProperty("runtimeStatus", out var status) || status.GetString() != "Completed") return (false, 0);
        var output = state.GetProperty("output");
        var ended = isReport ? output.GetProperty("complete").GetBoolean() : output.GetProperty("reason").GetString() == "Answered";
        return (ended, output.TryGetProperty("cost", out var cost) && cost.ValueKind == JsonValueKind.Object ? cost.GetProperty("usd").GetDecimal() : 0);
    }

    private sealed record Job(bool IsReport, bool Ended, double Milliseconds, decimal Cost);

    private sealed record Pass(IReadOnlyList<Job> Jobs, TimeSpan Took, long Answered, long Throttled)
    {
        private List<double> Waits { get; } = [.. Jobs.Where(job => !job.IsReport && job.Ended).Select(job => job.Milliseconds).Order()];

        public void Print(TrafficPlan plan, Pass none, Pace pace)
        {
            var (rate, p95) = (RateOf(pace), Bench.Quantile(Waits, 0.95));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {plan.Name} | {rate:n0} | {rate / none.RateOf(pace):n1} | {Bench.Quantile(Waits, 0.5) / 1000:n2} s | {p95 / 1000:n2} s | {p95 / Bench.Quantile(none.Waits, 0.95):p0} | {Jobs.Count(job => !job.Ended)} | {Answered} | {Throttled} | ${Jobs.Sum(job => job.Cost):n3} |"));
        }

        /// <summary>Jobs that ended well, a minute, in real time.</summary>
        private double RateOf(Pace pace) => Jobs.Count(job => job.Ended) / Took.TotalMinutes / pace.Scale;
    }
}
