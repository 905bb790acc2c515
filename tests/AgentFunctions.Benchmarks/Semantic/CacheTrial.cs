using System.Globalization;
using System.Numerics.Tensors;
using AgentFunctions.Benchmarks.Questions;
using AgentFunctions.Core.Caching.Semantics;
using AgentFunctions.Core.Search.Vectors;

namespace AgentFunctions.Benchmarks.Semantic;

/// <summary>What a stream of requests did to a cache whose model's answer is the intent of the question that filled the entry.</summary>
internal sealed record TrialResult(int Requests, int Exact, int Semantic, int FalseExact, int FalseSemantic)
{
    public double Saved => (double)(Exact + Semantic) / Requests;

    public double FalseOfRequests => (double)(FalseExact + FalseSemantic) / Requests;

    public double FalseOfHits => Exact + Semantic == 0 ? 0 : (double)(FalseExact + FalseSemantic) / (Exact + Semantic);

    public double FalseOfSemantic => Semantic == 0 ? 0 : (double)FalseSemantic / Semantic;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests} | {Exact} | {Semantic} | {Saved:P1} | {FalseExact + FalseSemantic} | {FalseOfRequests:P2} | {FalseOfHits:P2} | {FalseOfSemantic:P2}");
}

/// <summary>Streams requests through a cache.</summary>
internal static class CacheTrial
{
    /// <summary>Only the same text.</summary>
    public static TrialResult Exact(LabelledQuestion[] requests) => Run(requests, static _ => null, static (_, _) => { });

    public static TrialResult Matcher(LabelledQuestion[] requests, double threshold)
    {
        var matcher = new SemanticMatcher(new SemanticOptions { Threshold = threshold, Floor = 0.5 });
        return Run(
            requests,
            question => matcher.Nearest("bank", "support", question.Text) is [var best, ..] ? int.Parse(best.Key, CultureInfo.InvariantCulture) : null,
            (question, entry) => matcher.Add("bank", "support", question.Text, entry.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The nearest by cosine, where that is at least the threshold.</summary>
    public static TrialResult Cosine(LabelledQuestion[] requests, IReadOnlyDictionary<string, float[]> vectors, double threshold)
    {
        List<float[]> kept = [];
        return Run(
            requests,
            question =>
            {
                var asked = vectors[question.Text];
                int? best = null;
                var most = (float)threshold;
                for (var i = 0; i < kept.Count; i++)
                {
                    var score = TensorPrimitives.Dot(asked, kept[i]);
                    if (score < most) continue;
                    (most, best) = (score, i);
                }

                return best;
            },
            (question, _) => kept.Add(vectors[question.Text]));
    }

    /// <summary>Cosine over words weighted by tf-idf, hashed into 2,048 places.</summary>
    public static Dictionary<string, float[]> TfIdf(IReadOnlyList<LabelledQuestion> questions)
    {
        var words = questions.DistinctBy(question => question.Text, StringComparer.Ordinal).ToDictionary(question => question.Text, question => Words(question.Text), StringComparer.Ordinal);
        var counts = words.Values.SelectMany(list => list.Distinct(StringComparer.Ordinal)).CountBy(word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var places = counts.Keys.Order(StringComparer.Ordinal).Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i, StringComparer.Ordinal);
        return words.ToDictionary(
            entry => entry.Key,
            entry =>
            {
                var vector = new float[2048];
                foreach (var word in entry.Value) vector[places[word] % vector.Length] += MathF.Log((float)words.Count / counts[word]);
                var length = TensorPrimitives.Norm(vector);
                if (length > 0) TensorPrimitives.Divide(vector, length, vector);
                return vector;
            },
            StringComparer.Ordinal);
    }

    /// <summary>The repository's own vectors of hashed n-grams.</summary>
    public static async Task<Dictionary<string, float[]>> NgramsAsync(IReadOnlyList<LabelledQuestion> questions)
    {
        var texts = questions.Select(question => question.Text).Distinct(StringComparer.Ordinal).ToList();
        using var generator = new HashedNgramEmbeddings(1024);
        var vectors = await generator.GenerateAsync(texts);
        return texts.Zip(vectors).ToDictionary(pair => pair.First, pair => pair.Second.Vector.ToArray(), StringComparer.Ordinal);
    }

    private static TrialResult Run(LabelledQuestion[] requests, Func<LabelledQuestion, int?> find, Action<LabelledQuestion, int> fill)
    {
        var byText = new Dictionary<string, int>(StringComparer.Ordinal);
        List<string> answers = [];
        int exact = 0, semantic = 0, falseExact = 0, falseSemantic = 0;
        foreach (var question in requests)
        {
            if (byText.TryGetValue(question.Text, out var entry))
            {
                exact++;
                if (answers[entry] != question.Intent) falseExact++;
            }
            else if (find(question) is { } other)
            {
                semantic++;
                if (answers[other] != question.Intent) falseSemantic++;
            }
            else
            {
                byText.Add(question.Text, answers.Count);
                fill(question, answers.Count);
                answers.Add(question.Intent);
            }
        }

        return new TrialResult(requests.Length, exact, semantic, falseExact, falseSemantic);
    }

    private static string[] Words(string text) => text.ToLowerInvariant().Split([' ', '\n', '.', ',', '?', '!', ';', ':', '"', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
}
