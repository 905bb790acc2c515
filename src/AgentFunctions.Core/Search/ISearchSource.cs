using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Search;

/// <summary>Something that can be searched.</summary>
public interface ISearchSource
{
    /// <summary>Finds what fits a query best.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>At most <see cref="SearchQuery.Top"/> hits, best first, each ID once.</returns>
    /// <exception cref="PermanentFailureException">It can't be searched in this way: trying again can't help.</exception>
    Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken);
}

/// <summary>A query to a source.</summary>
/// <param name="Text">What to look for.</param>
/// <param name="Top">How many hits to give at most.</param>
/// <param name="Call">The call that it serves; sources that call tools hand it to them.</param>
/// <param name="Cache">How the cache may be used; sources that call tools or models hand it to them. Default: in every way.</param>
public sealed record SearchQuery(string Text, int Top, ActivityContext Call, CacheSettings? Cache = null);

/// <summary>What a source found.</summary>
/// <param name="Hits">The hits, best first.</param>
/// <param name="Cost">What it cost, where that is known.</param>
/// <param name="Cache">Where the hits came from, where that was the cache.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchHit> Hits, Cost? Cost = null, CacheNote? Cache = null);

/// <summary>Something that a source found.</summary>
public sealed record SearchHit
{
    /// <summary>What it is known by: hits of several sources with one ID are one thing.</summary>
    public required string Id { get; init; }

    /// <summary>Its title, where it has one.</summary>
    public string? Title { get; init; }

    /// <summary>The part of its text that fits, on one line.</summary>
    public string? Snippet { get; init; }

    /// <summary>How well it fits by the source's own measure, where it says so; only the order means anything.</summary>
    public double? Score { get; init; }
}
