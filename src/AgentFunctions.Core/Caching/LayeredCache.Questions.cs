using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Caching.Questions;

namespace AgentFunctions.Core.Caching;

public sealed partial class LayeredCache
{
    private const int MostCandidates = 5;

    /// <summary>The answer to another question with the same meaning: first by what both intend, then the nearest.</summary>
    private async ValueTask<Found<T>?> FindByMeaningAsync<T>(CacheCall call, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        try
        {
            // What people called wrong must be known first.
            if (!await learned!.EnsureAsync(call.Request.Tenant, cancellationToken)) return null;
            return await FindByIntentAsync(call, json, cancellationToken) ?? await FindNearestAsync(call, json, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotMatched(exception);
            return null;
        }
    }

    private async ValueTask<Found<T>?> FindByIntentAsync<T>(CacheCall call, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        if (matcher!.IntentOf(call.Question) is not { } intent) return null;
        if (await store.ReadAsync(IntentPointer.PlaceOf(call, intent), SealedValue.Content.Pointer, cancellationToken) is not { } packed || IntentPointer.Unpack(packed) is not { } pointer) return null;
        return matcher.Judge(call.Request.Tenant, call.Question, pointer.Question) is { } score ? await FindOtherAsync(call, pointer.Key, pointer.Question, score, json, cancellationToken) : null;
    }

    private async ValueTask<Found<T>?> FindNearestAsync<T>(CacheCall call, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        foreach (var match in matcher!.Nearest(call.Owner, call.Scope.ToString(), call.Question).Take(MostCandidates))
        {
            // Shared entries are found by everyone's threshold, and must also pass the asking tenant's, with what that tenant called wrong.
            double? score = call.Owner == StorePlaces.Shared ? matcher.Judge(call.Request.Tenant, call.Question, match.Question) : match.Score;
            if (score is null || !CacheKey.TryParse(match.Key, out var key)) continue;
            if (await FindOtherAsync(call, key, match.Question, score.Value, json, cancellationToken) is { } found) return found;
            if (gate.IsUp) matcher.Remove(call.Owner, call.Scope.ToString(), match.Key);
        }

        return null;
    }

    private async ValueTask<Found<T>?> FindOtherAsync<T>(CacheCall call, CacheKey key, string question, double score, JsonTypeInfo<T> json, CancellationToken cancellationToken) =>
        await FindAsync(call, key, json, andInStore: true, cancellationToken) is { Entry.Negative: false, IsStale: false } found && found.Entry.Question == question && found.Entry.Scope == call.Scope
            ? found with { Source = CacheSource.Semantic, Question = question, Score = score }
            : null;

    /// <summary>Writes where the answer to what a question intends is.</summary>
    private async ValueTask PointAsync(CacheCall call, Entry entry)
    {
        Learn(call.Owner, call.Scope, call.Question, call.Key);
        try
        {
            if (matcher!.IntentOf(call.Question) is { } intent)
            {
                await store.WriteAsync(IntentPointer.PlaceOf(call, intent), SealedValue.Content.Pointer, new IntentPointer(call.Key, call.Question).Pack(), entry.Ttl.Ticks, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            LogNotMatched(exception);
        }
    }

    private void Learn(string owner, CacheKey scope, string question, CacheKey key)
    {
        try
        {
            matcher?.Add(owner, scope.ToString(), question, key.ToString());
        }
        catch (Exception exception)
        {
            LogNotMatched(exception);
        }
    }
}
