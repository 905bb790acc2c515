using System.Globalization;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Search;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>
/// Every source × query at once: a fan-out over the sources, which the quorum counts, and in each a fan-out over the queries, which the source's
/// timeout bounds. What a source has answered counts also where it is given up later.
/// </summary>
internal sealed class SearchRound(OrchestrationContext context, SearchFusionInput input, IReadOnlyList<string> queries)
{
    private readonly SearchReply?[][] replies = [.. input.Sources.Select(_ => new SearchReply?[queries.Count])];
    private readonly IReadOnlyList<Branch<SearchReply>>?[] ended = new IReadOnlyList<Branch<SearchReply>>?[input.Sources.Count];

    /// <summary>A source's key.</summary>
    public static string KeyOf(SearchFusionInput input, int source) => input.Sources[source].Key ?? source.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a source found for a query, or null where it did not answer.</summary>
    public SearchReply? Reply(int source, int query) => replies[source][query];

    /// <summary>Searches.</summary>
    /// <returns>How each source did, in the order of the input.</returns>
    public async Task<IReadOnlyList<SourceOutcome>> RunAsync()
    {
        var status = new ProgressStatus(context, "search", input.Sources.Count);
        var sources = input.Sources.Select((_, source) => new BranchBody<bool>(KeyOf(input, source), token => SearchAsync(source, token)));
        var options = new FanOutOptions { MaxParallel = SearchFusionValidation.MostSources, Quorum = input.Quorum, Retry = RetryPolicy.None, SkipBroken = input.SkipBroken };
        var branches = await FanOut.RunAsync(context, [.. sources], options, progress => status.Report(progress.Done));
        return [.. branches.Select(Outcome)];
    }

    private async Task<bool> SearchAsync(int source, CancellationToken cancellationToken)
    {
        var settings = input.Sources[source];
        var options = new FanOutOptions
        {
            MaxParallel = queries.Count,
            BranchTimeout = settings.Timeout,
            Retry = new RetryPolicy { MaxAttempts = input.MaxAttempts, BaseDelay = TimeSpan.FromMilliseconds(500), MaxDelay = TimeSpan.FromSeconds(10) },
            SkipBroken = input.SkipBroken,
        };
        var bodies = queries.Select((_, query) => new BranchBody<SearchReply>(LabelOf(source, query), token => SearchAsync(source, query, token)));
        var searches = await FanOut.RunAsync(context, [.. bodies], options, cancellationToken: cancellationToken);
        if (cancellationToken.IsCancellationRequested) return false;
        ended[source] = searches;
        return searches.Any(search => search.IsSuccess) ? true : throw new TaskFailedException(Fault(searches)!);
    }

    private async Task<SearchReply> SearchAsync(int source, int query, CancellationToken cancellationToken)
    {
        var settings = input.Sources[source];
        var request = new SearchRequest
        {
            Query = queries[query],
            Top = settings.Top,
            Cache = input.Cache,
            Source = new SourceSettings { Name = settings.Name, Documents = settings.Documents, Http = settings.Http, Tool = settings.Tool },
        };
        return replies[source][query] = await context.CallActivityAsync(ActivityReferences.SearchSource, request, new CallOptions { Label = LabelOf(source, query), Cancellation = cancellationToken });
    }

    /// <summary>The first failure, but rather one of a search that was made than of one that was skipped.</summary>
    private static FailureDetails? Fault(IReadOnlyList<Branch<SearchReply>> searches) => (searches.FirstOrDefault(search => search.Error is not null && !search.IsBroken) ?? searches.FirstOrDefault(search => search.IsBroken))?.Error;

    private string LabelOf(int source, int query) => queries.Count == 1 ? KeyOf(input, source) : string.Create(CultureInfo.InvariantCulture, $"{KeyOf(input, source)} #{query}");

    private SourceOutcome Outcome(Branch<bool> branch, int source)
    {
        var searches = ended[source];
        var answers = replies[source].OfType<SearchReply>().ToList();
        return new()
        {
            Key = branch.Key,
            Status = answers.Count == queries.Count && answers.TrueForAll(answer => answer.Cache is not null) ? BranchStatus.Cached
                : searches is null || answers.Count > 0 ? branch.Status : searches.Any(search => search.Status == BranchStatus.TimedOut) ? BranchStatus.TimedOut
                : searches.All(search => search.IsBroken) ? BranchStatus.Skipped : BranchStatus.Failed,
            Answered = answers.Count,
            Hits = answers.Sum(answer => answer.Hits.Count),
            Error = (searches is null ? null : Fault(searches)) ?? branch.Error,
            Elapsed = branch.Elapsed,
            Cost = Cost.Sum(answers.Select(answer => answer.Cost)),
        };
    }
}
