using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;

namespace AgentFunctions.Core.Caching;

public sealed partial class LayeredCache
{
    private const int AtOnce = 16;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CacheResult<T>?>> FindManyAsync<T>(IReadOnlyList<CacheRequest> requests, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (var request in requests) CacheRules.Check(request);
        var results = new CacheResult<T>?[requests.Count];
        await AllAsync(requests.Count, async i =>
        {
            if (requests[i].Settings.Mode is CacheMode.Refresh or CacheMode.Off) return;
            var call = CallOf(requests[i]);
            if (await FindAnyAsync(call, json, cancellationToken) is { } found) results[i] = Serve(found, saved: true);
            else statistics.Miss(call.Request.Kind);
        });
        return results;
    }

    /// <inheritdoc/>
    public async Task<CacheMoment> BeginAsync(IReadOnlyList<CacheRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (var request in requests) CacheRules.Check(request);
        var moment = new Moment(this);
        foreach (var owner in requests.Where(request => request.Settings.Mode != CacheMode.Off).Select(CallOf).GroupBy(call => call.Set))
        {
            var documents = owner.Aggregate(0U, static (all, call) => all | call.Documents);
            if (await generations.CaptureAsync(owner.Key, documents, cancellationToken) is { } moments) moment.Owners[owner.Key.Owner] = (documents, moments);
        }

        return moment;
    }

    /// <inheritdoc/>
    public async Task KeepManyAsync<T>(IReadOnlyList<(CacheRequest Request, CacheFill<T> Fill)> answers, JsonTypeInfo<T> json, CacheMoment began, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (began is not Moment moment || moment.Cache != this) throw new ArgumentException("This moment is not of this cache. Give it what BeginAsync gave.", nameof(began));
        foreach (var (request, _) in answers) CacheRules.Check(request);
        var keeping = AllAsync(answers.Count, async i =>
        {
            var (request, fill) = answers[i];
            if (request.Settings.Mode is CacheMode.Off or CacheMode.Only) return;
            var call = CallOf(request);
            if (StampOf(call, moment) is { } stamp) await KeepAsync(call, stamp, fill, Write(fill.Value, json, request.Kind));
        });
        try
        {
            // All together must not hold up the answers for longer than one may.
            if (!keeping.IsCompletedSuccessfully) await keeping.WaitAsync(options.StoreTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // They go on.
        }
    }

    private static GenerationStamp? StampOf(CacheCall call, Moment moment)
    {
        if (!moment.Owners.TryGetValue(call.Owner, out var captured) || (call.Documents & ~captured.Documents) != 0) return null;
        List<ulong> moments = [];
        for (var rest = call.Documents; rest != 0; rest &= rest - 1) moments.Add(captured.Moments[GenerationScopes.PlaceOf(captured.Documents, rest & (0 - rest))]);
        return new GenerationStamp(call.Documents, [.. moments], call.Tags);
    }

    /// <summary>Does something for each number, some at once.</summary>
    private static Task AllAsync(int count, Func<int, Task> work)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count)).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < count) await work(i);
        }).ToList());
    }

    private sealed class Moment(LayeredCache cache) : CacheMoment
    {
        public LayeredCache Cache { get; } = cache;

        public Dictionary<string, (uint Documents, ulong[] Moments)> Owners { get; } = new(StringComparer.Ordinal);
    }
}
