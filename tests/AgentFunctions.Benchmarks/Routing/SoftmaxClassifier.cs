using AgentFunctions.Benchmarks.Questions;

namespace AgentFunctions.Benchmarks.Routing;

/// <summary>A classifier's best label, and by how much it is ahead of the second best.</summary>
/// <param name="Label">The label.</param>
/// <param name="Margin">How sure it is: at least 0. Margins of different classifiers can't be compared.</param>
internal sealed record Guess(string Label, double Margin);

/// <summary>Softmax regression by stochastic gradient descent. Its margins are between 0 and 1: differences of probabilities.</summary>
internal sealed class SoftmaxClassifier
{
    private const int Passes = 16;
    private const float FirstRate = 12;

    private readonly IntentFeatures features;
    private readonly string[] labels;
    private readonly float[] weights;

    public SoftmaxClassifier(IReadOnlyList<LabelledQuestion> questions, int seed, bool pairs, bool pieces)
    {
        features = new IntentFeatures([.. questions.Select(question => question.Text)], pairs, pieces);
        labels = [.. questions.Select(question => question.Intent).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        weights = new float[IntentFeatures.Buckets * labels.Length];
        var places = labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        var samples = questions.Select(question => (Features: features.Of(question.Text), Label: places[question.Intent])).ToArray();
        var random = new Random(seed);
        for (var pass = 0; pass < Passes; pass++)
        {
            random.Shuffle(samples);
            foreach (var (sample, label) in samples) Learn(sample, label, FirstRate / (1 + pass));
        }
    }

    public Guess Classify(string text) => Best.Of(labels, Probabilities(features.Of(text)));

    private void Learn(Features sample, int label, float rate)
    {
        var errors = Probabilities(sample);
        errors[label] -= 1;
        for (var i = 0; i < sample.Indices.Length; i++)
        {
            var row = weights.AsSpan(sample.Indices[i] * labels.Length, labels.Length);
            var step = rate * sample.Weights[i];
            for (var c = 0; c < row.Length; c++) row[c] -= step * errors[c];
        }
    }

    private float[] Probabilities(Features sample)
    {
        var scores = new float[labels.Length];
        for (var i = 0; i < sample.Indices.Length; i++)
        {
            var row = weights.AsSpan(sample.Indices[i] * labels.Length, labels.Length);
            var weight = sample.Weights[i];
            for (var c = 0; c < row.Length; c++) scores[c] += weight * row[c];
        }

        var highest = scores.Max();
        for (var c = 0; c < scores.Length; c++) scores[c] = MathF.Exp(scores[c] - highest);
        var sum = scores.Sum();
        for (var c = 0; c < scores.Length; c++) scores[c] /= sum;
        return scores;
    }
}

internal static class Best
{
    /// <summary>The label with the highest score.</summary>
    public static Guess Of(string[] labels, float[] scores)
    {
        var (best, second) = scores[0] >= scores[1] ? (0, 1) : (1, 0);
        for (var i = 2; i < scores.Length; i++)
        {
            if (scores[i] > scores[best]) (best, second) = (i, best);
            else if (scores[i] > scores[second]) second = i;
        }

        return new(labels[best], scores[best] - scores[second]);
    }
}
