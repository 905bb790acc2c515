namespace AgentFunctions.Core.Policies.Semantics;

/// <summary>
/// The threshold that a tenant's feedback allows. It goes down to the lowest score above which the share of wrong answers is, with 95 % confidence, within the budget (Clopper and Pearson, "The use of confidence or fiducial
/// limits", Biometrika 1934, one-sided): with a budget of 1 % that takes 299 pairs without one wrong. It goes up as soon as the words so far speak against it: where the share of wrong ones above it is, with the same confidence, over the
/// budget. So it is quick to become careful and slow to become bold. Pure.
/// </summary>
internal static class ThresholdPolicy
{
    private const double Doubt = 0.05;

    /// <summary>The threshold.</summary>
    /// <param name="state">What people have said.</param>
    /// <param name="initial">The threshold without feedback.</param>
    /// <param name="floor">The lowest allowed.</param>
    /// <param name="budget">The share of wrong answers allowed.</param>
    public static double Of(FeedbackState state, double initial, double floor, double budget)
    {
        if (state.Count == 0) return initial;
        var (right, wrong) = state.Counts();
        int rights = 0, wrongs = 0;
        double? proven = null;
        var accused = -1;
        var start = (int)Math.Floor(initial * FeedbackState.Steps);
        for (var step = FeedbackState.Steps; step >= 0; step--)
        {
            (rights, wrongs) = (rights + right[step], wrongs + wrong[step]);
            var score = (double)step / FeedbackState.Steps;
            if (score >= floor && right[step] + wrong[step] > 0 && AtMost(wrongs, rights + wrongs, budget)) proven = score;
            if (accused < 0 && step >= start && wrong[step] > 0 && MoreThan(wrongs, rights + wrongs, budget)) accused = step;
        }

        if (proven is { } low && low < initial) return Math.Max(low, floor);
        return accused < 0 ? initial : Math.Min(1, (accused + 1.0) / FeedbackState.Steps);
    }

    /// <summary>Whether a share over the budget would give so few wrong ones in one of twenty cases only.</summary>
    private static bool AtMost(int wrong, int count, double budget) => Tail(wrong, count, budget) <= Doubt;

    /// <summary>Whether a share within the budget would give so many wrong ones in one of twenty cases only.</summary>
    private static bool MoreThan(int wrong, int count, double budget) => wrong > 0 && 1 - Tail(wrong - 1, count, budget) <= Doubt;

    /// <summary>The chance of at most so many of a count, at a share each.</summary>
    private static double Tail(int most, int count, double share)
    {
        var term = Math.Pow(1 - share, count);
        var sum = term;
        for (var i = 0; i < most; i++)
        {
            term *= (count - i) / (i + 1.0) * share / (1 - share);
            sum += term;
        }

        return Math.Min(1, sum);
    }
}
