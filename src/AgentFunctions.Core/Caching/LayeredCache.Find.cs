using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching;

public sealed partial class LayeredCache
{
    /// <summary>An answer for calls that want a kept one or none: neither a remembered failure nor one that would have to be made anew.</summary>
    private async ValueTask<Found<T>?> FindAnyAsync<T>(CacheCall call, JsonTypeInfo<T> json, CancellationToken cancellationToken) =>
        await FindAsync(call, call.Key, json, andInStore: true, cancellationToken) is { Entry.Negative: false, IsStale: false } found ? found
            : call.IsSemantic ? await FindByMeaningAsync(call, json, cancellationToken)
            : null;

    /// <summary>An entry of a call's owner that may be served, from memory or the store.</summary>
    private async ValueTask<Found<T>?> FindAsync<T>(CacheCall call, CacheKey key, JsonTypeInfo<T> json, bool andInStore, CancellationToken cancellationToken)
    {
        if (memory.Get(key) is { } kept && await OpenAsync(call, key, kept, CacheSource.Memory, json, cancellationToken) is { } found) return found;
        if (!andInStore) return null;

        // What the entry hangs on is most often what the call does: asked for at once, not one after the other.
        var ready = generations.EnsureAsync(call.Set, call.Documents, cancellationToken);
        var stored = await store.ReadAsync(call.Owner, call.Request.Kind, key, cancellationToken);
        await ready;
        if (stored is null) return null;
        memory.Put(key, stored);
        var promoted = await OpenAsync(call, key, stored, CacheSource.Store, json, cancellationToken);
        if (promoted is { Entry: { Question: { } question, Scope: var scope } }) Learn(call.Owner, scope, question, key);
        return promoted;
    }

    private async ValueTask<Found<T>?> OpenAsync<T>(CacheCall call, CacheKey key, byte[] packed, CacheSource source, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        var entry = Entry.Unpack(packed);
        if (entry.Kind != call.Request.Kind) return null;
        if (!await generations.EnsureAsync(call.Set, entry.Stamp.Documents, cancellationToken)) return null;
        if (!TryRead(entry, key, packed, json, out var value)) return null;

        // Last, so that nothing comes between this and serving it.
        var age = TimeSpan.FromTicks(time.GetTicks() - entry.Created);
        if (age.Ticks >= entry.Life)
        {
            memory.Remove(key, packed);
            return null;
        }

        switch (generations.Check(call.Set, entry.Kind, key, entry.Stamp))
        {
            case GenerationVerdict.Valid:
                return new Found<T>(key, entry, value!, source) { Age = age };
            case GenerationVerdict.Invalidated:
                statistics.Invalidated(entry.Kind);
                memory.Remove(key, packed);
                return null;
            default:
                return null;
        }
    }

    private bool TryRead<T>(Entry entry, CacheKey key, byte[] packed, JsonTypeInfo<T> json, out T? value)
    {
        value = default;
        if (entry.Negative) return true;
        try
        {
            value = JsonSerializer.Deserialize(entry.Value.Span, json);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            // Written by another version of the program.
            memory.Remove(key, packed);
            statistics.Corrupted(entry.Kind);
            LogUnfit(exception, entry.Kind, typeof(T).Name);
            return false;
        }
    }
}
