using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Benchmarks.Questions;
using AgentFunctions.Benchmarks.Patterns;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Caching.Semantics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>
/// The support agent of a bank at its peak, without a cache, with one of equal questions, and with one of questions of the same meaning. The model
/// is a simulated provider over HTTP: 1.2 s to the first token (lognormal) and 8 ms a token.
/// </summary>
internal static class SupportBenchmark
{
    private const int AnswerTokens = 95;

    public static async Task RunAsync(Bench bench, Pace pace, string folder, double exponent, int seed)
    {
        if (Banking77.Read(folder) is not { } questions)
        {
            Console.WriteLine($"support-agent: there is no train.csv in {folder}; name the folder by --banking77.");
            return;
        }

        var traffic = SupportTraffic.Draw(questions, exponent, seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"support agent: {traffic.Customers.Count} questions in 6 minutes, Zipf with exponent {exponent}, seed {seed}, {pace}; aims: 4.2 s to under 1.5 s at peak, calls down by 60 %"));
        Console.WriteLine("| cache | mean at peak | p50 | p95 | mean of all | calls at peak | calls | saved calls at peak | saved calls | saved cost | wrong hits |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        var none = await PassAsync(bench, "none", traffic, pace, cached: false, semantic: false, null);
        await PassAsync(bench, "equal questions", traffic, pace, cached: true, semantic: false, none);
        await PassAsync(bench, "equal questions and those of the same meaning", traffic, pace, cached: true, semantic: true, none);
    }

    private static async Task<Pass> PassAsync(Bench bench, string name, SupportTraffic traffic, Pace pace, bool cached, bool semantic, Pass? beside)
    {
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions
        {
            Port = 0,
            Latency = LatencyShape.Lognormal,
            BaseMilliseconds = 1200 / pace.Scale,
            MillisecondsPerToken = 8 / pace.Scale,
            RequestsPerMinute = (int)(SupportTraffic.RequestsPerMinute * pace.Scale),
            Script = new ProviderScript([new ScriptedTurn(Pace.Words(AnswerTokens, "Here is how. "))]),
        });
        using var model = new OpenAIChatClient("simulated", new OpenAIConnection { Endpoint = provider.Endpoint });
        var folder = Path.Combine(bench.Folder, "support");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var hosted = new ServiceCollection().AddLogging().AddSingleton<IKeyValueStore>(_ => StoreBenchmark.Open(folder)).AddCaching();
        if (semantic) hosted.AddSingleton<ISemanticMatcher>(new SemanticMatcher(new SemanticOptions()));
        await using var services = hosted.BuildServiceProvider();
        var agent = new SupportAgent(model, cached ? services.GetRequiredService<ICallCache>() : null, semantic, pace);
        var answers = await Task.WhenAll(await AskAllAsync(agent, traffic, pace));
        var pass = new Pass(answers);
        pass.Print(name, provider.Stats.Answered, beside);
        return pass;
    }

    private static async Task<List<Task<Answer>>> AskAllAsync(SupportAgent agent, SupportTraffic traffic, Pace pace)
    {
        var from = Stopwatch.GetTimestamp();
        var asked = new List<Task<Answer>>();
        foreach (var (at, question) in traffic.Customers)
        {
            var wait = pace.Time(at.TotalMilliseconds) - Stopwatch.GetElapsedTime(from);
            if (wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait);
            asked.Add(Task.Run(() => AskAsync(agent, at, question, pace)));
        }

        return asked;
    }

    private static async Task<Answer> AskAsync(SupportAgent agent, TimeSpan at, LabelledQuestion question, Pace pace)
    {
        var from = Stopwatch.GetTimestamp();
        var result = await agent.AskAsync(question.Text);
        return new Answer(at >= SupportTraffic.Peak, Bench.Milliseconds(from) * pace.Scale, question, result.Note);
    }

    /// <summary>A customer's wait in real milliseconds, and where the answer came from.</summary>
    private sealed record Answer(bool AtPeak, double Milliseconds, LabelledQuestion Question, CacheNote? Note);

    private sealed record Pass(IReadOnlyList<Answer> Answers)
    {
        private List<double> Peak { get; } = [.. Answers.Where(a => a.AtPeak).Select(a => a.Milliseconds).Order()];

        private int CallsAtPeak => Answers.Count(a => a.AtPeak && a.Note is null);

        private int Calls => Answers.Count(a => a.Note is null);

        public void Print(string name, long answered, Pass? beside)
        {
            if (answered != Calls) throw new InvalidOperationException($"The provider answered {answered} calls, and {Calls} answers are not from the cache.");
            // A hit by meaning is right where the two questions have one intent.
            var intents = Answers.GroupBy(a => a.Question.Text, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Question.Intent, StringComparer.Ordinal);
            var hits = Answers.Count(a => a.Note is not null);
            var wrong = Answers.Count(a => a.Note?.Question is { } other && intents[other] != a.Question.Intent);
            var saved = Answers.Aggregate(Cost.None, (sum, a) => sum + (a.Note?.Saved ?? Cost.None));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Peak.Average() / 1000:n2} s | {Bench.Quantile(Peak, 0.5) / 1000:n2} s | {Bench.Quantile(Peak, 0.95) / 1000:n2} s | {Answers.Average(a => a.Milliseconds) / 1000:n2} s | {CallsAtPeak} | {Calls} | {Share(CallsAtPeak, beside?.CallsAtPeak)} | {Share(Calls, beside?.Calls)} | ${saved.Usd:n2} | {(hits == 0 ? "–" : $"{100.0 * wrong / hits:n2} %")} |"));
        }

        private static string Share(int calls, int? of) => of is { } all ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * (all - calls) / all:n1} %") : "–";
    }
}
