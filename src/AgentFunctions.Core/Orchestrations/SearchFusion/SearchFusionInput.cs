using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies.RankFusion;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Mapped;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>What to look for, and where.</summary>
public sealed record SearchFusionInput
{
    /// <summary>What to look for: 1 to 2,000 characters.</summary>
    public required string Query { get; init; }

    /// <summary>Where to look: 1 to 50 sources. Together with the sub-queries they may make 200 searches.</summary>
    public required IReadOnlyList<SearchFusionSource> Sources { get; init; }

    /// <summary>Has a model split the query into sub-queries, which are searched besides it. Default: none.</summary>
    public QueryDecomposition? Decompose { get; init; }

    /// <summary>How many hits the result has at most, 1 to 200. Default: 10.</summary>
    public int TopK { get; init; } = 10;

    /// <summary>The k of Reciprocal Rank Fusion, 1 to 1,000: how little first places count above later ones. Default: 60.</summary>
    public int K { get; init; } = ReciprocalRankFusion.DefaultK;

    /// <summary>How many sources must answer before the rest is given up. Default: all.</summary>
    public Quorum Quorum { get; init; }

    /// <summary>Has a model put the best hits into another order. Default: none.</summary>
    public HitRanking? Rerank { get; init; }

    /// <summary>How often a search or a model is tried within its timeout, 1 to 10. A permanent failure is not tried again. Default: 2.</summary>
    public int MaxAttempts { get; init; } = 2;

    /// <summary>Whether a source that is known to be broken is skipped at once, with the reason, rather than waited for within its timeout. Default: true.</summary>
    public bool SkipBroken { get; init; } = true;

    /// <summary>How the cache may be used, for the models and for sources that are tools. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>A source. What its kind names is set, and nothing else of name, documents, http and tool.</summary>
public sealed record SearchFusionSource
{
    /// <summary>A name for the source, 1 to 100 characters, unique. Default: its place in the list, from 0, as text.</summary>
    public string? Key { get; init; }

    /// <summary>What it is.</summary>
    public required SearchFusionSourceKind Kind { get; init; }

    /// <summary>For Configured: the name of a source of the host's configuration.</summary>
    public string? Name { get; init; }

    /// <summary>For Documents: the documents.</summary>
    public InlineDocuments? Documents { get; init; }

    /// <summary>For Http: the service.</summary>
    public HttpSearch? Http { get; init; }

    /// <summary>For Tool: the tool.</summary>
    public ToolSearch? Tool { get; init; }

    /// <summary>How much it counts against the others, above 0, up to 1,000. Default: 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>How long each of its searches may take, all attempts included; above 0, up to 1 hour. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many hits it gives to the fusion, 1 to 200. Default: 50.</summary>
    public int Top { get; init; } = 50;
}

/// <summary>What a source is.</summary>
public enum SearchFusionSourceKind
{
    /// <summary>One of the host's configuration, by name.</summary>
    Configured,

    /// <summary>Documents that come with the input.</summary>
    Documents,

    /// <summary>A service that answers JSON over HTTP, on a host that <c>http-get</c> may call.</summary>
    Http,

    /// <summary>A registered tool, also one of an MCP server.</summary>
    Tool,
}

/// <summary>How a model splits the query. Where it fails or answers what does not fit, the query is searched as it is, and the result says so.</summary>
public sealed record QueryDecomposition
{
    /// <summary>The model: a tier, or a configured model's name. Default: <c>fast</c>.</summary>
    public string Model { get; init; } = ModelTiers.Fast;

    /// <summary>How many sub-queries at most, 1 to 10. Default: 4.</summary>
    public int Max { get; init; } = 4;

    /// <summary>How long it may take, all attempts included; above 0, up to 1 hour. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How a model orders the best hits. It can only order them: where it fails or answers what does not fit, the fused order stays, and the result says so.</summary>
public sealed record HitRanking
{
    /// <summary>The model: a tier, or a configured model's name. Default: <c>fast</c>.</summary>
    public string Model { get; init; } = ModelTiers.Fast;

    /// <summary>How many of the best hits it orders, 2 to 50. Default: 20.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>How long it may take, all attempts included; above 0, up to 1 hour. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
