using System.Globalization;
using AgentFunctions.Benchmarks.Questions;

namespace AgentFunctions.Benchmarks.Semantic;

/// <summary>What the semantic cache saves and gets wrong on BANKING77. A hit is right if both questions have the same intent.</summary>
internal static class SemanticBenchmark
{
    private const double Default = 0.9;
    private static readonly double[] Thresholds = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1];

    public static async Task RunAsync(string folder, int seed)
    {
        if (Banking77.Read(folder) is not { } all)
        {
            Console.WriteLine($"semantic: skipped, because there is no train.csv in '{folder}'. Name the folder with --banking77 DIR.");
            return;
        }

        var (tuned, heldOut) = Banking77.Split(all);
        Console.WriteLine($"{all.Count} questions, {all.Select(question => question.Intent).Distinct(StringComparer.Ordinal).Count()} intents, seed {seed}; the rules were made while looking at {tuned.Count} of them, {heldOut.Count} are held out");
        Head("traffic, threshold 0.9");
        foreach (var (name, questions) in new[] { ("looked at", tuned), ("held out", heldOut), ("all", all) })
        {
            Row($"{name}: Zipf 1.0, 3 requests a question, exact match only", CacheTrial.Exact(Traffic.Zipf(questions, 1.0, questions.Count * 3, seed)));
            Row($"{name}: Zipf 1.0, 3 requests a question", CacheTrial.Matcher(Traffic.Zipf(questions, 1.0, questions.Count * 3, seed), Default));
            Row($"{name}: each question once, exact match only", CacheTrial.Exact(Traffic.Once(questions, seed)));
            Row($"{name}: each question once", CacheTrial.Matcher(Traffic.Once(questions, seed), Default));
        }

        foreach (var exponent in new[] { 0.8, 1.0, 1.2 })
        {
            foreach (var times in new[] { 1, 3, 10 })
            {
                var requests = Traffic.Zipf(all, exponent, all.Count * times, seed);
                Row(string.Create(CultureInfo.InvariantCulture, $"all: Zipf {exponent:f1}, {times} requests a question, exact match only"), CacheTrial.Exact(requests));
                Row(string.Create(CultureInfo.InvariantCulture, $"all: Zipf {exponent:f1}, {times} requests a question"), CacheTrial.Matcher(requests, Default));
            }
        }

        foreach (var times in new[] { 3, 10 })
        {
            var byIntent = Traffic.ZipfOverIntents(all, 1.0, all.Count * times, seed);
            Row($"all: Zipf 1.0 over intents, {times} requests a question, exact match only", CacheTrial.Exact(byIntent));
            Row($"all: Zipf 1.0 over intents, {times} requests a question", CacheTrial.Matcher(byIntent, Default));
        }

        await CurveAsync("held out, each question once", Traffic.Once(heldOut, seed), heldOut);
        await CurveAsync("held out, Zipf 1.0, 3 requests a question", Traffic.Zipf(heldOut, 1.0, heldOut.Count * 3, seed), heldOut);
    }

    private static async Task CurveAsync(string name, LabelledQuestion[] requests, IReadOnlyList<LabelledQuestion> questions)
    {
        Head(name);
        Row("exact match", CacheTrial.Exact(requests));
        foreach (var threshold in Thresholds) Row(string.Create(CultureInfo.InvariantCulture, $"matcher, threshold {threshold:f2}"), CacheTrial.Matcher(requests, threshold));
        var (words, grams) = (CacheTrial.TfIdf(questions), await CacheTrial.NgramsAsync(questions));
        foreach (var threshold in new[] { 0.95, 0.9, 0.8, 0.7 })
        {
            Row(string.Create(CultureInfo.InvariantCulture, $"tf-idf cosine, threshold {threshold:f2}"), CacheTrial.Cosine(requests, words, threshold));
            Row(string.Create(CultureInfo.InvariantCulture, $"n-gram cosine, threshold {threshold:f2}"), CacheTrial.Cosine(requests, grams, threshold));
        }
    }

    private static void Head(string name)
    {
        Console.WriteLine();
        Console.WriteLine($"| {name} | requests | exact hits | semantic hits | calls saved | false hits | of requests | of hits | of semantic hits |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
    }

    private static void Row(string name, TrialResult result) => Console.WriteLine($"| {name} | {result} |");
}
