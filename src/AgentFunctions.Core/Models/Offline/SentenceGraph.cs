namespace AgentFunctions.Core.Models.Offline;

/// <summary>
/// How central each sentence is: continuous LexRank (Erkan and Radev, "LexRank", 2004), PageRank over cosines, which leans to what a task asks
/// for (Otterbacher, Erkan and Radev, "Using random walks for question-focused sentence retrieval", 2005).
/// </summary>
internal static class SentenceGraph
{
    private const float Damping = 0.85f;

    /// <summary>With a task, more of the rank comes from what it asks for.</summary>
    private const float DampingWithTask = 0.7f;

    private const int Rounds = 20;

    /// <summary>Centrality of the chosen texts, the most central 1. Quadratic in their number, so the caller bounds it.</summary>
    /// <param name="vectors">The terms of all texts.</param>
    /// <param name="chosen">The texts that take part.</param>
    /// <param name="relevance">How much of the task each of all texts has, 0 to 1.</param>
    public static float[] Centrality(TermVectors vectors, IReadOnlyList<int> chosen, float[] relevance)
    {
        var count = chosen.Count;
        var total = chosen.Sum(index => relevance[index]);
        var damping = total > 0 ? DampingWithTask : Damping;
        var restart = chosen.Select(index => (1 - damping) * (total > 0 ? relevance[index] / total : 1f / count)).ToArray();
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
        for (var round = 0; round < Rounds; round++) rank = Step(links, sums, rank, restart, damping);
        var highest = count == 0 ? 0 : rank.Max();
        for (var i = 0; i < count && highest > 0; i++) rank[i] /= highest;
        return rank;
    }

    private static float[] Step(float[] links, float[] sums, float[] rank, float[] restart, float damping)
    {
        var count = rank.Length;
        var next = restart.ToArray();
        for (var from = 0; from < count; from++)
        {
            if (sums[from] <= 0) continue;
            var share = damping * rank[from] / sums[from];
            var row = links.AsSpan(from * count, count);
            for (var to = 0; to < count; to++) next[to] += share * row[to];
        }

        return next;
    }
}
