namespace AgentFunctions.Core.Models.Offline;

/// <summary>Picks the best of several answers and rewrites none: the one that agrees most with the others and has most of the question's terms.</summary>
internal static class CandidateJudge
{
    /// <summary>What agreement counts for; the rest is for the question.</summary>
    private const double AgreementShare = 0.6;

    /// <summary>The index of the best candidate; the first of equals.</summary>
    public static int Best(string question, IReadOnlyList<string> candidates)
    {
        var terms = new TextTerms();
        var vectors = new TermVectors([.. candidates.Select(candidate => terms.Read(candidate))], terms.Count);
        var relevance = CandidateRanking.Scores(question, candidates);
        var highest = Math.Max(relevance.Max(), double.Epsilon);
        var best = 0;
        var bestScore = double.NegativeInfinity;
        for (var i = 0; i < candidates.Count; i++)
        {
            var agreement = 0.0;
            for (var other = 0; other < candidates.Count; other++)
            {
                if (other != i) agreement += Same(candidates[i], candidates[other]) ? 1 : vectors.Cosine(i, other);
            }

            var score = (AgreementShare * agreement / Math.Max(1, candidates.Count - 1)) + ((1 - AgreementShare) * relevance[i] / highest);
            // An empty answer is never the best, unless all are.
            if (string.IsNullOrWhiteSpace(candidates[i])) score = -1;
            if (score <= bestScore + 1e-9) continue;
            best = i;
            bestScore = score;
        }

        return best;
    }

    /// <summary>Short answers such as "42" and "Yes." have no terms to compare.</summary>
    private static bool Same(string left, string right) => left.AsSpan().Trim(" \t\r\n.!").Equals(right.AsSpan().Trim(" \t\r\n.!"), StringComparison.OrdinalIgnoreCase);
}
