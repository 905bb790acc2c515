using System.Diagnostics;
using System.Globalization;
using AgentFunctions.Core.Caching.Semantics;

namespace AgentFunctions.Benchmarks.Semantic;

/// <summary>What a lookup takes, and how much memory, with a million questions remembered.</summary>
internal static class SemanticLookup
{
    private const int Questions = 1_000_000;
    private const int Lookups = 50_000;

    private static readonly string[] Verbs = "cancel order pay send receive verify activate block replace return track update change close open book schedule download upload install configure restart check compare".Split(' ');
    private static readonly string[] Nouns = "card account transfer payment refund parcel subscription invoice ticket flight hotel room password address device printer phone laptop report table contract policy claim license".Split(' ');
    private static readonly string[] Places = "Berlin Madrid Oslo Rome Paris Lisbon Vienna Prague Dublin Athens Warsaw Helsinki Zurich Brussels Budapest Cairo Lagos Nairobi Lima Quito".Split(' ');
    private static readonly string[] Frames = ["How do I {0} the {1} of order {3}?", "Can I {0} my {1} in {2} for {3} euros?", "Why did you {0} my {1} number {3} in {2}?", "I want to {0} a {1} from {2} on day {3}", "When will they {0} the new {1} {3}?"];

    public static Task RunAsync(int seed)
    {
        Measure("one scope", seed, static _ => ("tenant", "scope"));
        Measure("100 tenants of 100 scopes", seed, static i => ($"tenant{i % 100}", $"scope{i / 100 % 100}"));
        return Task.CompletedTask;
    }

    private static void Measure(string name, int seed, Func<int, (string Tenant, string Scope)> place)
    {
        var random = new Random(seed);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var matcher = new SemanticMatcher(new SemanticOptions { MostQuestions = Questions });
        var keys = new byte[32];
        var characters = 0L;
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < Questions; i++)
        {
            random.NextBytes(keys);
            var question = Question(random);
            characters += question.Length;
            matcher.Add(place(i).Tenant, place(i).Scope, question, Convert.ToHexStringLower(keys));
        }

        var filled = Bench.Milliseconds(from);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Bench.Row($"{name}: adding a question", $"{filled * 1000 / Questions:n1} us", string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Questions:n0} bytes each, of which {characters / (double)Questions:n0} are its text and 32 its key"));
        var times = new List<double>();
        var hits = 0;
        for (var i = 0; i < Lookups; i++)
        {
            var question = Question(random);
            var (tenant, scope) = place(random.Next(Questions));
            from = Stopwatch.GetTimestamp();
            var found = matcher.Nearest(tenant, scope, question);
            if (i >= 2000) times.Add(Bench.Milliseconds(from) * 1000);
            if (found.Count > 0) hits++;
        }

        times.Sort();
        Bench.Row($"{name}: lookup, p50", $"{Bench.Quantile(times, 0.5):n1} us", $"p99 {Bench.Quantile(times, 0.99):n1} us, p99.9 {Bench.Quantile(times, 0.999):n1} us, {(double)hits / Lookups:P0} hits");
        GC.KeepAlive(matcher);
    }

    private static string Question(Random random) => string.Format(CultureInfo.InvariantCulture, Frames[random.Next(Frames.Length)], Verbs[random.Next(Verbs.Length)], Nouns[random.Next(Nouns.Length)], Places[random.Next(Places.Length)], random.Next(500));
}
