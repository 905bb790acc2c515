namespace AgentFunctions.Core.Models.Offline;

/// <summary>What each sentence is worth for a task: how central it is, how much of the task's terms it has, where it stands, and its form.</summary>
internal sealed class SentenceScores
{
    /// <summary>The graph is quadratic, so only this many sentences get into it; the rest are out of the race.</summary>
    private const int LargestGraph = 240;

    /// <summary>Below this a task term that matches says little; the task counts for this share of a score where it matches at all.</summary>
    private const float TaskShare = 0.45f;

    private SentenceScores(TermVectors vectors, IReadOnlyList<int> chosen, float[] scores)
    {
        Vectors = vectors;
        Chosen = chosen;
        Scores = scores;
    }

    /// <summary>The sentences' terms and weights.</summary>
    public TermVectors Vectors { get; }

    /// <summary>The indexes of the sentences that have a score, ascending.</summary>
    public IReadOnlyList<int> Chosen { get; }

    /// <summary>Their scores, in the same order.</summary>
    public IReadOnlyList<float> Scores { get; }

    public static SentenceScores Of(IReadOnlyList<SourceSentence> sentences, string task, CancellationToken cancellationToken)
    {
        var terms = new TextTerms();
        var texts = sentences.Select(sentence => terms.Read(sentence.Text)).ToList();
        var query = terms.Read(task, isTask: true).Distinct().ToArray();
        var vectors = new TermVectors(texts, terms.Count);
        cancellationToken.ThrowIfCancellationRequested();

        var overlap = Overlap(vectors, query, sentences.Count);
        var form = sentences.Select(SentenceForm.Factor).ToArray();
        var chosen = Prefilter(vectors, overlap, form, terms.Count);
        cancellationToken.ThrowIfCancellationRequested();

        var centrality = SentenceGraph.Centrality(vectors, chosen);
        var share = overlap.Any(value => value > 0) ? TaskShare : 0;
        var scores = chosen.Select((index, i) => form[index] * ((share * overlap[index]) + ((1 - share) * centrality[i]) + Place(sentences[index]))).ToArray();
        return new(vectors, chosen, scores);
    }

    /// <summary>The share of the task's weight that a sentence has, the highest 1.</summary>
    private static float[] Overlap(TermVectors vectors, int[] query, int count)
    {
        var overlap = new float[count];
        var wanted = query.ToHashSet();
        for (var i = 0; i < count && wanted.Count > 0; i++)
        {
            foreach (var term in vectors.Terms(i))
            {
                if (wanted.Contains(term)) overlap[i] += vectors.Rarity(term);
            }
        }

        var highest = count == 0 ? 0 : overlap.Max();
        for (var i = 0; i < count && highest > 0; i++) overlap[i] /= highest;
        return overlap;
    }

    /// <summary>The sentences that are nearest to the centroid or to the task.</summary>
    private static int[] Prefilter(TermVectors vectors, float[] overlap, float[] form, int termCount)
    {
        if (form.Length <= LargestGraph) return [.. Enumerable.Range(0, form.Length)];
        var centroid = new float[termCount];
        for (var i = 0; i < form.Length; i++)
        {
            var weights = vectors.Weights(i);
            var terms = vectors.Terms(i);
            for (var k = 0; k < terms.Length; k++) centroid[terms[k]] += weights[k];
        }

        var near = new float[form.Length];
        for (var i = 0; i < form.Length; i++)
        {
            var weights = vectors.Weights(i);
            var terms = vectors.Terms(i);
            for (var k = 0; k < terms.Length; k++) near[i] += weights[k] * centroid[terms[k]];
        }

        var highest = Math.Max(near.Max(), float.Epsilon);
        return [.. Enumerable.Range(0, form.Length).OrderByDescending(i => form[i] * ((near[i] / highest) + overlap[i])).ThenBy(i => i).Take(LargestGraph).Order()];
    }

    /// <summary>Authors put first what matters: a little for the first sentence of a part, less for that of a paragraph.</summary>
    private static float Place(SourceSentence sentence) => sentence.Place == 0 ? 0.12f : sentence.OpensParagraph ? 0.06f : 0;
}
