using System.Runtime.InteropServices;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Search.Corpora;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Search.Lexical;

/// <summary>
/// An inverted index: for each word the documents that have it, ranked by <see cref="Bm25"/>. Words are in lower case, lightly stemmed, without
/// the commonest words of English; scripts without spaces go by pairs of characters (<see cref="TextTerms"/>). Nothing changes after it is made.
/// </summary>
internal sealed class Bm25Index
{
    private readonly IReadOnlyList<SearchDocument> documents;
    private readonly Bm25 ranking;
    private readonly int[] lengths;
    private readonly double averageLength;
    private readonly IReadOnlyDictionary<string, int> terms;
    private readonly List<List<Posting>> postings = [];

    /// <summary>Indexes documents.</summary>
    public Bm25Index(IReadOnlyList<SearchDocument> documents, Bm25 ranking)
    {
        (this.documents, this.ranking) = (documents, ranking);
        lengths = new int[documents.Count];
        var reader = new TextTerms();
        var counts = new Dictionary<int, int>();
        for (var document = 0; document < documents.Count; document++)
        {
            counts.Clear();
            var words = reader.Read(documents[document].Whole);
            lengths[document] = words.Length;
            foreach (var word in words) CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
            while (postings.Count < reader.Count) postings.Add([]);
            foreach (var (word, count) in counts) postings[word].Add(new Posting(document, count));
        }

        terms = reader.Stems;
        averageLength = documents.Count == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>The documents that have a word of the query, best first.</summary>
    public IReadOnlyList<(SearchDocument Document, double Score)> Search(string query, int top)
    {
        var reader = new TextTerms();
        reader.Read(query);
        var scores = new Dictionary<int, double>();
        foreach (var stem in reader.Stems.OrderBy(stem => stem.Value).Select(stem => stem.Key))
        {
            if (!terms.TryGetValue(stem, out var term)) continue;
            var rarity = Bm25.Rarity(documents.Count, postings[term].Count);
            foreach (var (document, count) in postings[term]) CollectionsMarshal.GetValueRefOrAddDefault(scores, document, out _) += ranking.Share(count, rarity, lengths[document], averageLength);
        }

        var best = new BestHits(documents, top);
        foreach (var (document, score) in scores) best.Add(document, score);
        return best.Take();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Posting(int Document, int Count);
}
