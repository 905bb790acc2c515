using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search.Mapped;

namespace AgentFunctions.Core.Search;

/// <summary>What SearchSource takes.</summary>
public sealed record SearchRequest
{
    /// <summary>What to look for, 1 to 8,000 characters.</summary>
    public required string Query { get; init; }

    /// <summary>How many hits at most, 1 to 200.</summary>
    public required int Top { get; init; }

    /// <summary>Where to look.</summary>
    public required SourceSettings Source { get; init; }

    /// <summary>How the cache may be used, where the source is a tool, a service over HTTP or embeds the query. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What SearchSource returns: at most 32 KB of JSON, for which long snippets are shortened.</summary>
public sealed record SearchReply : ICosted, ICached
{
    /// <summary>The hits, best first, each ID once.</summary>
    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>What it cost, where that is known.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where the hits came from, where a tool's answer was kept; null where the source was searched.</summary>
    public CacheNote? Cache { get; init; }
}

/// <summary>Where to look: exactly one is set.</summary>
public sealed record SourceSettings
{
    /// <summary>A source of the host's configuration, by name.</summary>
    public string? Name { get; init; }

    /// <summary>Documents that come with the request.</summary>
    public InlineDocuments? Documents { get; init; }

    /// <summary>A search service that answers JSON over HTTP GET.</summary>
    public HttpSearch? Http { get; init; }

    /// <summary>A tool that searches.</summary>
    public ToolSearch? Tool { get; init; }
}

/// <summary>Documents to be searched. Exactly one of <see cref="Items"/> and <see cref="Ref"/> is set.</summary>
public sealed record InlineDocuments
{
    /// <summary>The documents: 1 to 1,000, together at most 1,048,576 characters.</summary>
    public IReadOnlyList<InlineDocument>? Items { get; init; }

    /// <summary>Where the documents' JSON is stored; long ones are put there when a run starts.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>How they are ranked. Default: <see cref="SearchRanking.Bm25"/>.</summary>
    public SearchRanking Ranking { get; init; }

    /// <summary>The embedding model, where they are ranked by embeddings. Default: <c>embedding</c>, the one that the host is configured with.</summary>
    public string? Model { get; init; }
}

/// <summary>A document.</summary>
public sealed record InlineDocument
{
    /// <summary>What it is known by, 1 to 200 characters, unique.</summary>
    public required string Id { get; init; }

    /// <summary>Its title; searched together with the text. Default: none.</summary>
    public string? Title { get; init; }

    /// <summary>Its text.</summary>
    public required string Text { get; init; }
}

/// <summary>How documents are ranked.</summary>
public enum SearchRanking
{
    /// <summary>By words: BM25.</summary>
    Bm25,

    /// <summary>By nearness of embeddings: cosine.</summary>
    Embeddings,
}
