namespace AgentFunctions.Core.Models.Offline;

/// <summary>Texts as vectors of length 1, weighted by TF-IDF (Salton and Buckley 1988): sorted terms, and a weight for each.</summary>
internal sealed class TermVectors
{
    private readonly int[][] terms;
    private readonly float[][] weights;
    private readonly float[] rarity;

    /// <summary>Weighs the terms of all texts.</summary>
    /// <param name="texts">The terms of each text, with repetitions.</param>
    /// <param name="termCount">How many different terms there are.</param>
    public TermVectors(IReadOnlyList<int[]> texts, int termCount)
    {
        terms = new int[texts.Count][];
        weights = new float[texts.Count][];
        rarity = new float[termCount];
        for (var i = 0; i < texts.Count; i++)
        {
            terms[i] = texts[i].Distinct().Order().ToArray();
            foreach (var term in terms[i]) rarity[term]++;
        }

        // rarity holds document frequencies up to here.
        for (var term = 0; term < termCount; term++) rarity[term] = rarity[term] > 0 ? MathF.Log(1 + (texts.Count / rarity[term])) : 0;
        for (var i = 0; i < texts.Count; i++) weights[i] = Weigh(texts[i], terms[i]);
    }

    /// <summary>The terms of a text, sorted, each once.</summary>
    public ReadOnlySpan<int> Terms(int text) => terms[text];

    /// <summary>The weights of a text's terms; their squares add up to 1.</summary>
    public ReadOnlySpan<float> Weights(int text) => weights[text];

    /// <summary>The inverse document frequency of a term; 0 where no text has it.</summary>
    public float Rarity(int term) => term < rarity.Length ? rarity[term] : 0;

    /// <summary>The cosine of two texts, 0 to 1.</summary>
    public float Cosine(int left, int right)
    {
        int[] a = terms[left], b = terms[right];
        float[] x = weights[left], y = weights[right];
        float sum = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] == b[j]) sum += x[i++] * y[j++];
            else if (a[i] < b[j]) i++;
            else j++;
        }

        return Math.Min(1, sum);
    }

    private float[] Weigh(int[] repeated, int[] distinct)
    {
        var result = new float[distinct.Length];
        foreach (var term in repeated) result[Array.BinarySearch(distinct, term)]++;
        double squares = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (1 + MathF.Log(result[i])) * rarity[distinct[i]];
            squares += result[i] * result[i];
        }

        var length = (float)Math.Sqrt(squares);
        for (var i = 0; i < result.Length && length > 0; i++) result[i] /= length;
        return result;
    }
}
