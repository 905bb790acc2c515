namespace AgentFunctions.Core.Tools.Search;

/// <summary>
/// The BM25 ranking function, k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009), with the
/// logarithm of 1 + odds for rarity, which can't be negative. Pure.
/// </summary>
internal static class Bm25
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    /// <summary>How much a term says: more the fewer passages have it.</summary>
    public static double Rarity(int passages, int withTerm) => Math.Log(1 + ((passages - withTerm + 0.5) / (withTerm + 0.5)));

    /// <summary>The score of a passage.</summary>
    public static double Score(ReadOnlySpan<int> counts, ReadOnlySpan<double> rarities, int length, double averageLength)
    {
        var norm = K1 * (1 - B + (B * length / averageLength));
        double score = 0;
        for (var term = 0; term < counts.Length; term++) score += rarities[term] * counts[term] * (K1 + 1) / (counts[term] + norm);
        return score;
    }
}
