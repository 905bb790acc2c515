namespace AgentFunctions.Benchmarks.Routing;

/// <summary>Two ways of answering the same questions: by how much one is right more often, and whether that is more than chance.</summary>
/// <param name="Questions">How many.</param>
/// <param name="OnlyFirst">How many the first alone has right.</param>
/// <param name="OnlySecond">How many the second alone has right.</param>
internal sealed record PairedAnswers(int Questions, int OnlyFirst, int OnlySecond)
{
    public static PairedAnswers Of(bool[] first, bool[] second) => new(first.Length, first.Zip(second).Count(pair => pair is { First: true, Second: false }), first.Zip(second).Count(pair => pair is { First: false, Second: true }));

    /// <summary>The second's accuracy less the first's.</summary>
    public double Difference => (double)(OnlySecond - OnlyFirst) / Questions;

    /// <summary>Half the width of the difference's 95 % interval, for paired proportions (Fleiss, "Statistical methods for rates and proportions", 1981).</summary>
    public double Interval => 1.96 * Math.Sqrt(OnlyFirst + OnlySecond - (Math.Pow(OnlyFirst - OnlySecond, 2) / Questions)) / Questions;

    /// <summary>How likely such a difference or a greater one is by chance alone (McNemar, 1947; exact, two-sided).</summary>
    public double Chance
    {
        get
        {
            var (all, less) = (OnlyFirst + OnlySecond, Math.Min(OnlyFirst, OnlySecond));
            double sum = 0, logarithm = all * Math.Log(0.5);
            for (var k = 0; k <= less; k++)
            {
                sum += Math.Exp(logarithm);
                logarithm += Math.Log((double)(all - k) / (k + 1));
            }

            return Math.Min(1, 2 * sum);
        }
    }
}
