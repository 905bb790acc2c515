using AgentFunctions.Core.Search.Corpora;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Search.Lexical;

/// <summary>Searches documents by their words.</summary>
internal sealed class Bm25Source(ICorpus corpus, Bm25 ranking, TimeSpan refresh, TimeProvider time) : ISearchSource
{
    private readonly VersionedIndex<Bm25Index> index = new(corpus, documents => Task.FromResult(new Bm25Index(documents, ranking)), refresh, time);

    public async Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var current = await index.GetAsync(cancellationToken);
        return new SearchAnswer(DocumentHits.Of(current.Search(query.Text, query.Top), query.Text));
    }
}
