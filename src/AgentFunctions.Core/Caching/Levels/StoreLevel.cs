using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>Entries in the store that all workers share. What can't be had is a miss; nothing is thrown but the caller's own cancellation.</summary>
/// <param name="store">The store.</param>
/// <param name="gate">The way there.</param>
/// <param name="clock">Its clock.</param>
/// <param name="time">This worker's clock.</param>
/// <param name="damaged">Hears of an entry that can't be read.</param>
internal sealed class StoreLevel(IKeyValueStore store, StoreGate gate, StoreClock clock, TimeProvider time, Action<CacheKind> damaged)
{
    /// <summary>Workers hold a value against their own clocks before they give it; it must not seem over where one is fast. What counts is the entry's own time.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Future = TimeSpan.FromMinutes(1);

    /// <summary>An entry that has not ended, packed for memory; null where there is none.</summary>
    public async ValueTask<byte[]?> ReadAsync(string owner, CacheKind kind, CacheKey key, CancellationToken cancellationToken)
    {
        var place = StorePlaces.Entry(owner, kind, key);
        var measured = clock.EnsureAsync(cancellationToken);
        var read = await gate.AskAsync(token => store.GetAsync(place, token), cancellationToken);
        var known = await measured;
        if (read.Damaged)
        {
            damaged(kind);
            await DeleteAsync(place, etag: null, cancellationToken);
            return null;
        }

        if (!known || !read.Given || read.Value is not { } found) return null;
        if (Open(place, kind, found.Value, out var packed) is not { } entry)
        {
            damaged(kind);
            await DeleteAsync(place, found.ETag, cancellationToken);
            return null;
        }

        // Older than it can be by the latest the store's clock may show: an entry ends early rather than late. One from the future was written under another clock.
        var age = clock.Latest - entry.Created;
        return age >= entry.Life || age < -Future.Ticks ? null : Entry.WithCreated(packed.Span, time.GetTicks() - Math.Max(age, 0));
    }

    /// <summary>Writes an entry that was made just now.</summary>
    public async ValueTask WriteAsync(string owner, CacheKey key, Entry entry, CancellationToken cancellationToken)
    {
        if (!await clock.EnsureAsync(cancellationToken)) return;
        var place = StorePlaces.Entry(owner, entry.Kind, key);
        var created = clock.Earliest - (time.GetTicks() - entry.Created);
        await WriteAsync(place, SealedValue.Content.Entry, (entry with { Created = created }).Pack(), entry.Life, cancellationToken);
    }

    /// <summary>Writes anything else that ends.</summary>
    /// <param name="place">Where.</param>
    /// <param name="content">What it is.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="life">In how many ticks it ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WriteAsync(KeyValueKey place, SealedValue.Content content, ReadOnlyMemory<byte> value, long life, CancellationToken cancellationToken)
    {
        if (!await clock.EnsureAsync(cancellationToken)) return;
        var expires = new DateTimeOffset(clock.Latest, TimeSpan.Zero) + TimeSpan.FromTicks(life) + (store.IsExclusive ? TimeSpan.Zero : Skew);
        await gate.AskAsync(token => store.SetAsync(place, SealedValue.Seal(place, content, value.Span), expires, WriteCondition.Always, token), cancellationToken);
    }

    /// <summary>The value at a place; null where there is none that can be read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(KeyValueKey place, SealedValue.Content content, CancellationToken cancellationToken)
    {
        var read = await gate.AskAsync(token => store.GetAsync(place, token), cancellationToken);
        if (!read.Given || read.Value is not { } found) return null;
        return SealedValue.TryOpen(place, content, found.Value, out var value) ? value : null;
    }

    private static Entry? Open(KeyValueKey place, CacheKind kind, ReadOnlyMemory<byte> stored, out ReadOnlyMemory<byte> packed)
    {
        if (!SealedValue.TryOpen(place, SealedValue.Content.Entry, stored, out packed)) return null;
        try
        {
            return Entry.Unpack(packed) is { } entry && entry.Kind == kind ? entry : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async ValueTask DeleteAsync(KeyValueKey place, string? etag, CancellationToken cancellationToken) =>
        await gate.AskAsync(token => store.DeleteAsync(place, etag, token), cancellationToken);
}
