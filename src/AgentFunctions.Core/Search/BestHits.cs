using AgentFunctions.Core.Search.Corpora;

namespace AgentFunctions.Core.Search;

/// <summary>Keeps the best of many scored documents in a heap; equal scores go by ID, so that equal searches give equal answers.</summary>
internal sealed class BestHits(IReadOnlyList<SearchDocument> documents, int top)
{
    private readonly PriorityQueue<int, (double Score, string Id)> worstFirst = new(top + 1, Comparer<(double Score, string Id)>.Create(static (left, right) =>
        left.Score.CompareTo(right.Score) is not 0 and var order ? order : string.CompareOrdinal(right.Id, left.Id)));

    /// <summary>Takes a document, if it is among the best so far.</summary>
    public void Add(int document, double score)
    {
        if (worstFirst.Count < top) worstFirst.Enqueue(document, (score, documents[document].Id));
        else worstFirst.EnqueueDequeue(document, (score, documents[document].Id));
    }

    /// <summary>The best, best first; it is empty afterwards.</summary>
    public IReadOnlyList<(SearchDocument Document, double Score)> Take()
    {
        var best = new (SearchDocument, double)[worstFirst.Count];
        for (var place = best.Length - 1; place >= 0; place--)
        {
            worstFirst.TryDequeue(out var document, out var rank);
            best[place] = (documents[document], rank.Score);
        }

        return best;
    }
}
