using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Search;

namespace AgentFunctions.Core.Activities;

/// <summary>Searches one source. Running it again searches again, but changes nothing else, unless a tool does that searches.</summary>
/// <param name="sources">The sources.</param>
public sealed class SearchSourceActivity(SearchSources sources) : Activity<SearchRequest, SearchReply>
{
    /// <summary>The most hits of one search: 200.</summary>
    public const int MostHits = 200;

    /// <summary>The longest query, in characters: 8,000.</summary>
    public const int LongestQuery = 8000;

    /// <inheritdoc/>
    /// <exception cref="PermanentFailureException">The request does not fit, there is no such source, or it can't be searched in this way. What else the source throws goes through as it is.</exception>
    public override async Task<SearchReply> RunAsync(ActivityContext context, SearchRequest input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        if (string.IsNullOrWhiteSpace(input.Query) || input.Query.Length > LongestQuery) throw new PermanentFailureException($"The query has {input.Query.Length} characters. Send 1 to {LongestQuery}, not all of them blank.");
        if (input.Top is < 1 or > MostHits) throw new PermanentFailureException($"'top' is {input.Top}. It must be 1 to {MostHits}.");
        CacheSettingsRules.ThrowIfWrong(input.Cache);
        var source = await sources.ResolveAsync(input.Source, Tenants.Of(context.InstanceId), cancellationToken);
        var answer = await source.SearchAsync(new SearchQuery(input.Query, input.Top, context, input.Cache), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new SearchReply { Hits = ReplyHits.Fit(answer.Hits, input.Top), Cost = answer.Cost, Cache = answer.Cache };
    }
}
