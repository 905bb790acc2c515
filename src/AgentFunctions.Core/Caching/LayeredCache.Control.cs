using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;

namespace AgentFunctions.Core.Caching;

public sealed partial class LayeredCache
{
    /// <inheritdoc/>
    public Task InvalidateAsync(CacheInvalidation what, CancellationToken cancellationToken)
    {
        CacheSteering.Refuse(CacheSteering.Errors(what));
        IReadOnlyList<string> owners = what.Tenant is null ? [StorePlaces.Everyone]
            : what is { Key: null, Tag: null, Kind: null } ? [what.Tenant]
            : [what.Tenant, StorePlaces.Shared];
        var scope = CacheKey.TryParse(what.Key, out var key) ? GenerationScopes.Key(key)
            : what.Tag is { } tag ? GenerationScopes.Tag(tag)
            : what.Kind is { } kind ? GenerationScopes.Kind(kind)
            : GenerationScopes.All;
        return generations.InvalidateAsync(owners, scope, cancellationToken);
    }

    /// <inheritdoc/>
    public CacheReport Report() => new()
    {
        Worker = worker,
        Since = since,
        Entries = memory.Count,
        Bytes = memory.Bytes,
        MostBytes = memory.MostBytes,
        StoreUp = gate.IsUp,
        Kinds = statistics.Counts,
        Thresholds = matcher?.Thresholds ?? new Dictionary<string, double>(StringComparer.Ordinal),
    };

    /// <inheritdoc/>
    public async Task<CacheFeedbackReceipt> FeedbackAsync(CacheFeedback feedback, CancellationToken cancellationToken)
    {
        CacheSteering.Refuse(CacheSteering.Errors(feedback));
        if (!feedback.Right) statistics.FalseHit(CacheKey.TryParse(feedback.Key, out var key) && memory.Get(key) is { } packed ? Entry.Unpack(packed).Kind : CacheKind.Response);
        var isOwn = feedback.Matched is null || feedback.Matched == feedback.Question;
        if (isOwn && !feedback.Right) await InvalidateAsync(new CacheInvalidation { Tenant = feedback.Tenant, Key = feedback.Key }, cancellationToken);
        if (isOwn || learned is null) return new CacheFeedbackReceipt(ThresholdOf(feedback.Tenant), Invalidated: isOwn && !feedback.Right);
        return new CacheFeedbackReceipt(await learned.LearnAsync(feedback.Tenant, feedback.Question, feedback.Matched!, feedback.Right, cancellationToken), Invalidated: false);
    }

    /// <summary>1 where there is no other: then only the same question will do.</summary>
    private double ThresholdOf(string tenant) => matcher is not null && matcher.Thresholds.TryGetValue(tenant, out var threshold) ? threshold : 1;
}
