namespace AgentFunctions.Core.Models.Offline;

/// <summary>How central each sentence is: continuous LexRank (Erkan and Radev, "LexRank", 2004), PageRank over cosines.</summary>
internal static class SentenceGraph
{
    private const float Damping = 0.85f;
    private const int Rounds = 20;

    /// <summary>Centrality of the chosen texts, the most central 1. Quadratic in their number, so the caller bounds it.</summary>
    public static float[] Centrality(TermVectors vectors, IReadOnlyList<int> chosen)
    {
        var count = chosen.Count;
        var links = new float[count * count];
        var sums = new float[count];
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var cosine = vectors.Cosine(chosen[i], chosen[j]);
                links[(i * count) + j] = links[(j * count) + i] = cosine;
                sums[i] += cosine;
                sums[j] += cosine;
            }
        }

        var rank = new float[count];
        Array.Fill(rank, 1f / Math.Max(1, count));
        for (var round = 0; round < Rounds; round++) rank = Step(links, sums, rank);
        var highest = count == 0 ? 0 : rank.Max();
        for (var i = 0; i < count && highest > 0; i++) rank[i] /= highest;
        return rank;
    }

    private static float[] Step(float[] links, float[] sums, float[] rank)
    {
        var count = rank.Length;
        var next = new float[count];
        Array.Fill(next, (1 - Damping) / count);
        for (var from = 0; from < count; from++)
        {
            if (sums[from] <= 0) continue;
            var share = Damping * rank[from] / sums[from];
            var row = links.AsSpan(from * count, count);
            for (var to = 0; to < count; to++) next[to] += share * row[to];
        }

        return next;
    }
}
