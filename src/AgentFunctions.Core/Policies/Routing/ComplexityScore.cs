namespace AgentFunctions.Core.Policies.Routing;

/// <summary>
/// How hard a request looks, from its text alone: 0 for nothing to do, towards 1 for much reasoning under many constraints. Pure, the same on every machine.
/// </summary>
/// <remarks>
/// Seven counts (<see cref="ComplexityCounts"/>) each give a share n / (n + h), which is ½ at h and never reaches 1; the score is their sum by weight. Text that is added on a line of its own never
/// lowers it. The words are English: in another language only length, numbers, code, lists and questions count, so that scores are lower. Weights and halves were set by hand by
/// the examples in the tests; they were not fitted to any model's failures. Surface features say little of a short, hard question: that is what escalation is for.
/// </remarks>
public static class ComplexityScore
{
    /// <summary>The weights and the counts that give half of them: tokens, reasoning words, constraints, steps, numbers, marks of code, conjunctions. The weights add up to 1.</summary>
    private static readonly (double Weight, double Half)[] Shares = [(0.16, 120), (0.30, 1.5), (0.16, 3), (0.14, 3), (0.06, 4), (0.10, 6), (0.08, 4)];

    /// <summary>The score of a text.</summary>
    /// <param name="text">What is asked, without the material that it is asked of.</param>
    /// <returns>0 or more, and less than 1.</returns>
    public static double Of(string text) => Of(ComplexityCounts.Of(text));

    /// <summary>The score of counts: never lower where one of them is higher.</summary>
    /// <param name="counts">The counts, each at least 0.</param>
    public static double Of(ComplexityCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ReadOnlySpan<int> values = [counts.Tokens, counts.Reasoning, counts.Constraints, counts.Steps, counts.Numbers, counts.Code, counts.Conjunctions];
        var score = 0.0;
        for (var i = 0; i < values.Length; i++) score += Shares[i].Weight * (values[i] / (values[i] + Shares[i].Half));
        return score;
    }
}
