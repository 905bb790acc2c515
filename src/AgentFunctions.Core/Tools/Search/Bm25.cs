using System.Runtime.InteropServices;

namespace AgentFunctions.Core.Tools.Search;

/// <summary>
/// The BM25 ranking function (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009), with the logarithm of
/// 1 + odds for rarity, which can't be negative. Pure.
/// </summary>
/// <param name="K1">How much a repeated word still adds.</param>
/// <param name="B">How much long texts are held back.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Bm25(double K1, double B)
{
    /// <summary>The usual k1 = 1.2 and b = 0.75.</summary>
    public static Bm25 Usual { get; } = new(1.2, 0.75);

    /// <summary>How much a term says: more the fewer passages have it.</summary>
    public static double Rarity(int passages, int withTerm) => Math.Log(1 + ((passages - withTerm + 0.5) / (withTerm + 0.5)));

    /// <summary>What one term adds to a passage's score.</summary>
    public double Share(int count, double rarity, int length, double averageLength) => rarity * count * (K1 + 1) / (count + (K1 * (1 - B + (B * length / averageLength))));

    /// <summary>The score of a passage.</summary>
    public double Score(ReadOnlySpan<int> counts, ReadOnlySpan<double> rarities, int length, double averageLength)
    {
        double score = 0;
        for (var term = 0; term < counts.Length; term++) score += Share(counts[term], rarities[term], length, averageLength);
        return score;
    }
}
