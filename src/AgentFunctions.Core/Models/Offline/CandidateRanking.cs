namespace AgentFunctions.Core.Models.Offline;

/// <summary>Orders candidates by how well they match a question: BM25 (Robertson and Zaragoza, 2009) with its usual k1 = 1.2, b = 0.75.</summary>
internal static class CandidateRanking
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    /// <summary>The candidates' indexes, the best first; equals keep their order.</summary>
    public static IReadOnlyList<int> Rank(string question, IReadOnlyList<string> candidates)
    {
        var scores = Scores(question, candidates);
        return [.. Enumerable.Range(0, candidates.Count).OrderByDescending(i => scores[i])];
    }

    /// <summary>The BM25 score of each candidate.</summary>
    public static double[] Scores(string question, IReadOnlyList<string> candidates)
    {
        var terms = new TextTerms();
        var texts = candidates.Select(candidate => terms.Read(candidate)).ToList();
        var query = terms.Read(question, isTask: true).ToHashSet();
        var average = Math.Max(1, texts.Average(text => text.Length));
        var counts = texts.Select(text => text.Where(query.Contains).CountBy(term => term).ToDictionary()).ToList();
        var frequency = counts.SelectMany(count => count.Keys).CountBy(term => term).ToDictionary();
        return [.. texts.Select((text, i) => counts[i].Order().Sum(entry => Weight(frequency[entry.Key], texts.Count) * Saturated(entry.Value, text.Length / average)))];
    }

    private static IOrderedEnumerable<KeyValuePair<int, int>> Order(this Dictionary<int, int> counts) => counts.OrderBy(entry => entry.Key);

    private static double Weight(int frequency, int count) => Math.Log(1 + ((count - frequency + 0.5) / (frequency + 0.5)));

    private static double Saturated(int occurrences, double length) => occurrences * (Saturation + 1) / (occurrences + (Saturation * (1 - LengthWeight + (LengthWeight * length))));
}
