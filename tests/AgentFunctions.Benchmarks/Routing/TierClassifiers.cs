using AgentFunctions.Benchmarks.Questions;

namespace AgentFunctions.Benchmarks.Routing;

/// <summary>
/// Three classifiers of different ability, one a tier, learned from one half of the questions; and the margins below which the two lower ones say that they are unsure. The margins come from the same half: each
/// third of it is classified by what was learned from the other two. The held-out half is not looked at.
/// </summary>
internal sealed class TierClassifiers
{
    private const int Folds = 3;

    private readonly SoftmaxClassifier[] tiers;
    private readonly LabelledQuestion[] shuffled;
    private readonly Guess[][] folded;

    public TierClassifiers(IReadOnlyList<LabelledQuestion> questions, int seed)
    {
        shuffled = [.. questions];
        new Random(seed).Shuffle(shuffled);
        folded = new Guess[3][];
        for (var tier = 0; tier < 3; tier++) folded[tier] = new Guess[shuffled.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var learned = Learn([.. shuffled.Where((_, i) => i % Folds != fold)], seed);
            for (var i = fold; i < shuffled.Length; i += Folds)
            {
                for (var tier = 0; tier < 3; tier++) folded[tier][i] = learned[tier].Classify(shuffled[i].Text);
            }
        }

        tiers = Learn(questions, seed);
    }

    /// <summary>The margins of the tiers, from which on each answers.</summary>
    /// <param name="tolerance">How much less often a tier may be right than the highest one, as a share of all questions, 0 to 1: what the user puts up with.</param>
    public double[] Margins(double tolerance)
    {
        var all = Enumerable.Range(0, shuffled.Length).ToArray();
        var fast = LeastMargin(all, 0, tolerance);
        return [fast, LeastMargin([.. all.Where(i => folded[0][i].Margin < fast)], 1, tolerance), 0];
    }

    /// <summary>A tier's label, or null where it is not as sure as it should be.</summary>
    public string? Classify(int tier, string text, double[]? margins) => tiers[tier].Classify(text) is var guess && margins is not null && guess.Margin < margins[tier] ? null : guess.Label;

    /// <summary>The lowest: single words, from every third question. The middle: single words, from all. The highest: words, pairs and pieces of words, from all.</summary>
    private static SoftmaxClassifier[] Learn(IReadOnlyList<LabelledQuestion> questions, int seed) =>
    [
        new SoftmaxClassifier([.. questions.Where((_, i) => i % 3 == 0)], seed, pairs: false, pieces: false),
        new SoftmaxClassifier(questions, seed, pairs: false, pieces: false),
        new SoftmaxClassifier(questions, seed, pairs: true, pieces: true),
    ];

    /// <summary>The least margin from which on a tier is right as often as the highest one is on the same questions, or nearly.</summary>
    private double LeastMargin(IReadOnlyList<int> among, int tier, double tolerance)
    {
        var (ahead, least) = (0, double.MaxValue);
        foreach (var i in among.OrderByDescending(i => folded[tier][i].Margin))
        {
            if (folded[tier][i].Label == shuffled[i].Intent) ahead++;
            if (folded[2][i].Label == shuffled[i].Intent) ahead--;
            if (ahead >= -tolerance * shuffled.Length) least = folded[tier][i].Margin;
        }

        return least;
    }
}
