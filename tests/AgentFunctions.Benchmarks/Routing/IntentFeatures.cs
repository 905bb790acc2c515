namespace AgentFunctions.Benchmarks.Routing;

/// <summary>A question as weighted, hashed features of length 1.</summary>
/// <param name="Indices">Which features, each once.</param>
/// <param name="Weights">Their weights.</param>
internal sealed record Features(int[] Indices, float[] Weights);

/// <summary>Reads features from questions: words, pairs of words, and pieces of words, weighted by how rare they are among the questions that it was made with (tf-idf).</summary>
internal sealed class IntentFeatures
{
    public const int Buckets = 1 << 17;

    private readonly bool pairs;
    private readonly bool pieces;
    private readonly float[] rarity = new float[Buckets];

    /// <summary>Learns how rare features are.</summary>
    /// <param name="texts">The questions.</param>
    /// <param name="pairs">Whether pairs of words count.</param>
    /// <param name="pieces">Whether pieces of 3 to 5 letters count.</param>
    public IntentFeatures(IReadOnlyCollection<string> texts, bool pairs, bool pieces)
    {
        (this.pairs, this.pieces) = (pairs, pieces);
        var having = new int[Buckets];
        foreach (var index in texts.SelectMany(text => Raw(text).Distinct())) having[index]++;
        for (var i = 0; i < Buckets; i++) rarity[i] = (float)Math.Log((1.0 + texts.Count) / (1 + having[i])) + 1;
    }

    public Features Of(string text)
    {
        var counts = Raw(text).CountBy(index => index).ToArray();
        float[] weights = [.. counts.Select(count => (1 + MathF.Log(count.Value)) * rarity[count.Key])];
        var length = MathF.Sqrt(weights.Sum(weight => weight * weight));
        return new([.. counts.Select(count => count.Key)], [.. weights.Select(weight => length == 0 ? 0 : weight / length)]);
    }

    /// <summary>The words of a question, in lower case.</summary>
    public static string[] Words(string text) => [.. text.ToLowerInvariant().Split([' ', '\n', '\t', '.', ',', '?', '!', ';', ':', '"', '(', ')', '/', '-'], StringSplitOptions.RemoveEmptyEntries)];

    private IEnumerable<int> Raw(string text)
    {
        var words = Words(text);
        for (var i = 0; i < words.Length; i++)
        {
            yield return Bucket(words[i]);
            if (pairs && i > 0) yield return Bucket(words[i - 1] + " " + words[i]);
            if (!pieces) continue;
            var framed = $"<{words[i]}>";
            for (var length = 3; length <= 5; length++)
            {
                for (var start = 0; start + length <= framed.Length; start++) yield return Bucket(string.Concat("#", framed.AsSpan(start, length)));
            }
        }
    }

    /// <summary>The same in every run, as a string's own hash code is not (FNV-1a; Fowler, Noll and Vo).</summary>
    private static int Bucket(string feature)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in feature) hash = (hash ^ character) * 1099511628211UL;
        return (int)((hash ^ (hash >> 32)) % Buckets);
    }
}
