namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// An embedding without a model: words and their runs of three letters, hashed into signed buckets (feature hashing; Weinberger et al., 2009),
/// scaled to length 1. Texts that share words are near each other; meaning is not looked at.
/// </summary>
internal static class HashedEmbedding
{
    public static float[] Of(string text, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (var word in Words(text))
        {
            Add(vector, word, 2);
            for (var i = 0; i + 3 <= word.Length; i++) Add(vector, word.AsSpan(i, 3), 1);
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        // A text without words still needs a direction.
        if (length == 0) vector[0] = length = 1;
        for (var i = 0; i < dimensions; i++) vector[i] /= length;
        return vector;
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (isWord && start < 0) start = i;
            if (isWord || start < 0) continue;
            yield return text[start..i].ToLowerInvariant();
            start = -1;
        }
    }

    private static void Add(float[] vector, ReadOnlySpan<char> feature, float weight)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in feature) hash = (hash ^ character) * 1099511628211UL;
        hash ^= hash >> 32;
        vector[hash % (ulong)vector.Length] += (hash & 0x8000_0000) == 0 ? weight : -weight;
    }
}
