using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Search;

namespace AgentFunctions.Core.Orchestrations.SearchFusion;

/// <summary>
/// Searches many sources at once, each with its own timeout, and fuses what they find by weighted Reciprocal Rank Fusion. Before it a model may
/// split the query, after it one may order the best hits. Sources that fail or are late are reported; the others' hits are fused.
/// </summary>
public sealed class SearchFusionOrchestrator : Orchestrator<SearchFusionInput, SearchFusionResult>
{
    /// <inheritdoc/>
    public override void Validate(SearchFusionInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        SearchFusionValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<SearchFusionInput> PrepareAsync(SearchFusionInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(content);
        if (!input.Sources.Any(IsLong)) return input;

        var sources = new List<SearchFusionSource>(input.Sources.Count);
        foreach (var source in input.Sources)
        {
            sources.Add(IsLong(source)
                ? source with { Documents = source.Documents! with { Items = null, Ref = await content.PutAsync(JsonSerializer.SerializeToUtf8Bytes(source.Documents!.Items!, SearchJsonContext.Default.IReadOnlyListInlineDocument), cancellationToken) } }
                : source);
        }

        return input with { Sources = sources };

        static bool IsLong(SearchFusionSource source) => source.Documents?.Items is { } items && items.Sum(item => item.Text.Length + (item.Title?.Length ?? 0)) > 200;
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">No source answered.</exception>
    public override async Task<SearchFusionResult> RunAsync(OrchestrationContext context, SearchFusionInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var notes = new Notes();
        var queries = await QueriesAsync(context, input, notes);
        var round = new SearchRound(context, input, queries);
        var sources = await round.RunAsync();
        if (sources.All(source => source.Answered == 0)) throw NothingAnswered(sources);
        foreach (var source in sources) notes.Add(source.Cost);

        var hits = FusedHits.Of(input, queries.Count, round, Math.Max(input.TopK, input.Rerank?.Candidates ?? 0));
        var ranked = input.Rerank is { } rerank ? await RankAsync(context, input, rerank, hits, notes) : null;
        var answered = sources.Count(source => source.Answered > 0);
        return new()
        {
            Complete = sources.All(source => source.Answered == queries.Count),
            QuorumReached = input.Quorum.IsAll ? null : answered >= input.Quorum.Needed(sources.Count),
            Queries = queries,
            Decomposed = input.Decompose is null ? null : !notes.KeptQuery,
            Reranked = input.Rerank is null ? null : ranked is not null,
            Hits = [.. (ranked ?? hits).Take(input.TopK)],
            Sources = sources,
            Notices = notes.Notices,
            Cost = notes.Cost,
        };
    }

    private static async Task<IReadOnlyList<string>> QueriesAsync(OrchestrationContext context, SearchFusionInput input, Notes notes)
    {
        if (input.Decompose is not { } settings) return [input.Query];
        context.SetCustomStatus(new RunProgress("decompose", 0, 1));
        var call = SearchFusionPrompts.Decompose(input.Query, settings, input.Cache);
        var (parts, fault, reply) = await ModelStep.AskAsync(context, "decompose", call, settings.Timeout, input.MaxAttempts, answer => SubQueries.Read(answer, input.Query, settings.Max));
        notes.Add(reply);
        if (parts is not null) return [input.Query, .. parts];
        notes.KeepQuery($"The query was searched as it is, because {fault}");
        return [input.Query];
    }

    private static async Task<IReadOnlyList<FusedHit>?> RankAsync(OrchestrationContext context, SearchFusionInput input, HitRanking settings, IReadOnlyList<FusedHit> hits, Notes notes)
    {
        // One hit, or none, is in order.
        if (hits.Count < 2) return hits;
        context.SetCustomStatus(new RunProgress("rerank", 0, 1));
        var candidates = hits.Take(settings.Candidates).ToList();
        var call = SearchFusionPrompts.Rank(input.Query, candidates, settings, input.Cache);
        var (places, fault, reply) = await ModelStep.AskAsync(context, "rerank", call, settings.Timeout, input.MaxAttempts, answer => HitOrder.Read(answer, candidates.Count));
        notes.Add(reply);
        if (places is not null) return [.. places.Select(place => candidates[place]), .. hits.Skip(candidates.Count)];
        notes.Add($"The hits are in the fused order, because {fault}");
        return null;
    }

    private static TaskFailedException NothingAnswered(IReadOnlyList<SourceOutcome> sources) => new(new FailureDetails
    {
        Type = BudgetFailures.TypeOf(sources.Select(source => source.Error), "NoSourceAnswered"),
        Message = $"None of the {sources.Count} sources answered. " + string.Join(" ", sources.Take(5).Select(source => $"{source.Key}: {source.Status}{(source.Error is { } error ? $": {error.Message}" : "")}")),
        Permanent = sources.All(source => source.Error is { Permanent: true }),
        Step = "search",
    });

    /// <summary>What a run gathers besides its hits.</summary>
    private sealed class Notes
    {
        private readonly List<string> notices = [];

        public bool KeptQuery { get; private set; }

        public Cost? Cost { get; private set; }

        public IReadOnlyList<string>? Notices => notices.Count > 0 ? notices : null;

        public void Add(Cost? cost) => Cost = Cost.Sum([Cost, cost]);

        public void Add(ModelReply? reply)
        {
            Add(reply?.Cost);
            if (reply?.Notice is { } notice) Add(notice);
        }

        public void Add(string notice)
        {
            if (!notices.Contains(notice, StringComparer.Ordinal)) notices.Add(notice);
        }

        public void KeepQuery(string why)
        {
            KeptQuery = true;
            Add(why);
        }
    }
}
