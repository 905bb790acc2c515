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
    private readonly double[] margins;

    public TierClassifiers(IReadOnlyList<LabelledQuestion> questions, int seed)
    {
        LabelledQuestion[] shuffled = [.. questions];
        new Random(seed).Shuffle(shuffled);
        var folded = new Guess[3][];
        for (var tier = 0; tier < 3; tier++) folded[tier] = new Guess[shuffled.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var learned = Learn([.. shuffled.Where((_, i) => i % Folds != fold)], seed);
            for (var i = fold; i < shuffled.Length; i += Folds)
            {
                for (var tier = 0; tier < 3; tier++) folded[tier][i] = learned[tier].Classify(shuffled[i].Text);
            }
        }

        var all = Enumerable.Range(0, shuffled.Length).ToArray();
        var fast = LeastMargin(all, folded[0], folded[2], shuffled);
        var balanced = LeastMargin([.. all.Where(i => folded[0][i].Margin < fast)], folded[1], folded[2], shuffled);
        margins = [fast, balanced, 0];
        tiers = Learn(questions, seed);
    }

    /// <summary>A tier's label, or null where it is not sure enough; the highest tier always has one.</summary>
    public string? Classify(int tier, string text, bool mayPass) => tiers[tier].Classify(text) is var guess && mayPass && guess.Margin < margins[tier] ? null : guess.Label;

    /// <summary>The lowest: single words, from every third question. The middle: single words, from all. The highest: words, pairs and pieces of words, from all.</summary>
    private static SoftmaxClassifier[] Learn(IReadOnlyList<LabelledQuestion> questions, int seed) =>
    [
        new SoftmaxClassifier([.. questions.Where((_, i) => i % 3 == 0)], seed, pairs: false, pieces: false),
        new SoftmaxClassifier(questions, seed, pairs: false, pieces: false),
        new SoftmaxClassifier(questions, seed, pairs: true, pieces: true),
    ];

    /// <summary>The least margin from which on a tier is right as often as the highest one is on the same questions.</summary>
    private static double LeastMargin(IReadOnlyList<int> among, Guess[] own, Guess[] highest, LabelledQuestion[] questions)
    {
        var (ahead, least) = (0, double.MaxValue);
        foreach (var i in among.OrderByDescending(i => own[i].Margin))
        {
            if (own[i].Label == questions[i].Intent) ahead++;
            if (highest[i].Label == questions[i].Intent) ahead--;
            if (ahead >= 0) least = own[i].Margin;
        }

        return least;
    }
}
