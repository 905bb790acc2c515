using System.Collections.Concurrent;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Caching.Questions;

/// <summary>What tenants' feedback has taught, shared by all workers: loaded when a tenant's questions are first compared, and again after a minute.</summary>
/// <param name="matcher">What learns.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="gate">The way there.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of what can't be read.</param>
internal sealed partial class TenantFeedback(ISemanticMatcher matcher, IKeyValueStore store, StoreGate gate, TimeProvider time, ILogger logger)
{
    private const int MostTries = 20;
    private static readonly TimeSpan LoadEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Loaded> tenants = new(StringComparer.Ordinal);

    /// <summary>Has a tenant's feedback loaded.</summary>
    /// <returns>Whether it was ever loaded: before that nobody knows what was called wrong.</returns>
    public async ValueTask<bool> EnsureAsync(string tenant, CancellationToken cancellationToken)
    {
        var loaded = tenants.GetOrAdd(tenant, static _ => new Loaded());
        if (loaded.At is { } at && time.GetTicks() - at < LoadEvery.Ticks) return true;
        var place = StorePlaces.Feedback(tenant);
        var from = time.GetTicks();
        var read = await gate.AskAsync(token => store.GetAsync(place, token), cancellationToken);
        if (!read.Given && !read.Damaged) return loaded.At is not null;
        Take(tenant, place, read.Value);
        loaded.At = from;
        return true;
    }

    /// <summary>Learns from a person's word, and shares it.</summary>
    /// <returns>The tenant's threshold from now on.</returns>
    /// <exception cref="CacheUnavailableException">The store did not take it. This worker has learned it all the same.</exception>
    public async Task<double> LearnAsync(string tenant, string question, string earlier, bool right, CancellationToken cancellationToken)
    {
        var place = StorePlaces.Feedback(tenant);
        var found = await gate.InsistAsync("read the feedback", token => store.GetAsync(place, token), cancellationToken);
        Take(tenant, place, found);
        var threshold = matcher.Learn(tenant, question, earlier, right);
        for (var tries = 1; ; tries++)
        {
            var condition = found is null ? WriteCondition.New : WriteCondition.Match(found.ETag);
            var saved = SealedValue.Seal(place, SealedValue.Content.Feedback, matcher.Save(tenant).Span);
            if (await gate.InsistAsync("write the feedback", token => store.SetAsync(place, saved, expires: null, condition, token), cancellationToken) is not null) break;
            if (tries == MostTries) throw new CacheUnavailableException($"The feedback of '{tenant}' was changed by others {MostTries} times as this was written. Try again.", new TimeoutException());
            found = await gate.InsistAsync("read the feedback", token => store.GetAsync(place, token), cancellationToken);
            Take(tenant, place, found);
        }

        tenants.GetOrAdd(tenant, static _ => new Loaded()).At = time.GetTicks();
        return matcher.Thresholds.TryGetValue(tenant, out var joined) ? joined : threshold;
    }

    private void Take(string tenant, KeyValueKey place, KeyValueEntry? found)
    {
        if (found is null) return;
        try
        {
            if (!SealedValue.TryOpen(place, SealedValue.Content.Feedback, found.Value, out var saved)) throw new InvalidDataException("Its check sum is wrong.");
            if (!saved.IsEmpty) matcher.Load(tenant, saved);
        }
        catch (InvalidDataException exception)
        {
            // It is written anew with the next word; until then there is no more to know than this worker does.
            LogUnreadable(exception, tenant);
        }
    }

    [LoggerMessage(EventId = 2411, Level = LogLevel.Error, Message = "What the feedback of tenant {Tenant} has taught can't be read and is lost, but for what this worker knows. Pairs of questions that people called wrong may be matched again.")]
    private partial void LogUnreadable(Exception exception, string tenant);

    private sealed class Loaded
    {
        public long? At { get; set; }
    }
}
