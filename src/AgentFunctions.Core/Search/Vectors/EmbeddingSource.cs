using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search.Corpora;

namespace AgentFunctions.Core.Search.Vectors;

/// <summary>Searches documents by the nearness of their embeddings. A document counts with its first 8,000 characters, which models take whole.</summary>
internal sealed class EmbeddingSource : ISearchSource
{
    private const int LongestText = 8000;
    private readonly VersionedIndex<Built> index;
    private readonly ResolvedEmbedding model;

    public EmbeddingSource(ICorpus corpus, ResolvedEmbedding model, TimeSpan refresh, TimeProvider time)
    {
        this.model = model;
        index = new(corpus, BuildAsync, refresh, time);
    }

    public async Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var built = await index.GetAsync(cancellationToken);
        var (vector, _, cost) = await EmbeddingBatches.EmbedAsync(model, [Cut(query.Text)], dimensions: null, cancellationToken);
        return new SearchAnswer(DocumentHits.Of(built.Index.Search(vector, query.Top), query.Text), cost + built.TakeCost());
    }

    private async Task<Built> BuildAsync(IReadOnlyList<SearchDocument> documents)
    {
        var (vectors, _, cost) = await EmbeddingBatches.EmbedAsync(model, [.. documents.Select(document => Cut(document.Whole))], dimensions: null, CancellationToken.None);
        return new Built(new VectorIndex(documents, vectors, weightRare: model.Name == HashedNgramEmbeddings.ModelName), cost);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];

    /// <summary>An index and what it cost, which the first search with it bears.</summary>
    private sealed class Built(VectorIndex index, Cost cost)
    {
        private Cost? open = cost;

        public VectorIndex Index => index;

        public Cost TakeCost() => Interlocked.Exchange(ref open, null) ?? Cost.None;
    }
}
