using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search.Corpora;
using AgentFunctions.Core.Search.Lexical;
using AgentFunctions.Core.Search.Mapped;
using AgentFunctions.Core.Search.Vectors;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Search;

namespace AgentFunctions.Core.Search;

/// <summary>Makes sources out of what describes them.</summary>
internal sealed class SearchSourceFactory(Activity<ToolCall, ToolReply> callTool, IEmbeddingCatalog embeddings, IContentStore store, TimeProvider time)
{
    /// <summary>A source of the configuration, which has been checked.</summary>
    public ISearchSource Configured(string name, SearchSourceOptions options) => options.Kind switch
    {
        SearchSourceKind.Bm25 => new Bm25Source(CorpusOf(name, options), new Bm25(options.K1, options.B), options.Refresh, time),
        SearchSourceKind.Embeddings => new EmbeddingSource(CorpusOf(name, options), embeddings.Resolve(options.Model), options.Refresh, time),
        SearchSourceKind.Http => Of(new HttpSearch { Url = options.Url!, Result = options.Result }),
        _ => Of(new ToolSearch { Tool = options.Tool!, Arguments = options.ReadArguments()!.Value, Result = options.Result }),
    };

    public ISearchSource Of(HttpSearch search) => SearchTemplate.UrlFault(search.Url) is { } fault ? throw new PermanentFailureException(fault) : new HttpSearchSource(search, callTool, store);

    public ISearchSource Of(ToolSearch search) => new ToolSearchSource(search, callTool, store);

    /// <summary>Documents of a request: indexed for this search alone, as they are few.</summary>
    public async ValueTask<ISearchSource> OfAsync(InlineDocuments documents, string tenant, CancellationToken cancellationToken)
    {
        var corpus = new InlineCorpus(await InlineCorpus.ReadAsync(documents, store, cancellationToken));
        return documents.Ranking == SearchRanking.Embeddings
            ? new EmbeddingSource(corpus, embeddings.Resolve(documents.Model ?? EmbeddingCatalog.Default), TimeSpan.MaxValue, time, tenant)
            : new Bm25Source(corpus, Bm25.Usual, TimeSpan.MaxValue, time);
    }

    private static ICorpus CorpusOf(string name, SearchSourceOptions options)
    {
        var limits = new CorpusLimits(options.MaxDocuments, options.MaxBytes, name);
        return options.File is { } file
            ? new JsonlCorpus(file, new JsonlFields(options.IdField, options.TitleField ?? "", options.TextField), limits)
            : new FolderCorpus(options.Folder!, options.MaxFiles, options.MaxFileBytes, limits);
    }
}
