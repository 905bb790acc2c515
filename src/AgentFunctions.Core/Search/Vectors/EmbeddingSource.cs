using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Search.Corpora;

namespace AgentFunctions.Core.Search.Vectors;

/// <summary>Searches documents by the nearness of their embeddings. A document counts with its first 8,000 characters, which models take whole.</summary>
internal sealed class EmbeddingSource : ISearchSource
{
    private const int LongestText = 8000;
    private readonly VersionedIndex<Built> index;
    private readonly ResolvedEmbedding model;
    private readonly ModelCacheScope scope;

    /// <summary>Makes the source; nothing is read yet.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="model">What embeds them.</param>
    /// <param name="refresh">How old the index may get.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tenant">Whose the documents are; null for a corpus of the host's, which all tenants search.</param>
    public EmbeddingSource(ICorpus corpus, ResolvedEmbedding model, TimeSpan refresh, TimeProvider time, string? tenant = null)
    {
        this.model = model;
        scope = new ModelCacheScope { Tenant = tenant ?? Tenants.Default, Settings = new CacheSettings { Shared = tenant is null } };
        index = new(corpus, BuildAsync, refresh, time);
    }

    public async Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var built = await index.GetAsync(cancellationToken);
        var asked = await EmbeddingBatches.EmbedAsync(model, [Cut(query.Text)], dimensions: null, new ModelCacheScope { Tenant = Tenants.Of(query.Call.InstanceId), Settings = query.Cache ?? new() }, query.Call, cancellationToken);
        return new SearchAnswer(DocumentHits.Of(built.Index.Search(asked.Vectors, query.Top), query.Text), asked.Cost + built.TakeCost());
    }

    private async Task<Built> BuildAsync(IReadOnlyList<SearchDocument> documents)
    {
        var embedded = await EmbeddingBatches.EmbedAsync(model, [.. documents.Select(document => Cut(document.Whole))], dimensions: null, scope, call: null, CancellationToken.None);
        return new Built(new VectorIndex(documents, embedded.Vectors, weightRare: model.Name == HashedNgramEmbeddings.ModelName), embedded.Cost);
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
