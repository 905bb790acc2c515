using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>
/// Knows what has been invalidated. An invalidation is a write to a document that all workers read, and waits as long as any may go by an older copy (a lease:
/// Gray and Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file cache consistency", 1989). A lease counts from before its read began, on
/// the monotonic clock, so it needs no clock that workers share; it trusts that their clocks run equally fast within 5 %, and that a worker serves what it has found
/// valid within 50 ms. A computer that sleeps in between does not count as it sleeps, and goes by its copy for what is left of the lease when it wakes.
/// </summary>
/// <param name="store">Where the documents are.</param>
/// <param name="gate">The way there.</param>
/// <param name="lease">For how long a copy is gone by.</param>
/// <param name="time">The clock.</param>
/// <param name="damaged">Hears of a document that can't be read.</param>
internal sealed class Generations(IKeyValueStore store, StoreGate gate, TimeSpan lease, TimeProvider time, Action<KeyValueKey> damaged)
{
    private const int MostSets = 4096;
    private const int MostTries = 100;
    private const int RenewalTries = 3;
    private const int TriesAtOnce = 4;
    private static readonly TimeSpan Serving = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, GenerationSet> sets = new(StringComparer.Ordinal);
    private readonly GenerationSet everyone = new(StorePlaces.Everyone);

    /// <summary>How long an invalidation waits after its writes.</summary>
    public TimeSpan Wait => store.IsExclusive ? TimeSpan.Zero : lease + (lease / 20) + Serving;

    /// <summary>How long a copy is gone by.</summary>
    public TimeSpan Lease => lease;

    /// <summary>Whether no other worker can invalidate.</summary>
    public bool IsExclusive => store.IsExclusive;

    /// <summary>When this worker last wrote an invalidation, on the monotonic clock.</summary>
    public long LastWritten { get; private set; } = long.MinValue;

    /// <summary>The copies of an owner.</summary>
    public GenerationSet Of(string owner)
    {
        if (sets.TryGetValue(owner, out var set)) return set;

        // Copies that are gone by are held by who goes by them. Where copies never age they have to stay.
        if (sets.Count >= MostSets && !store.IsExclusive) sets.Clear();
        return sets.GetOrAdd(owner, static owner => new GenerationSet(owner));
    }

    /// <summary>Has copies of these documents that can be gone by.</summary>
    /// <returns>Whether there are such copies of all of them.</returns>
    public ValueTask<bool> EnsureAsync(GenerationSet own, uint documents, CancellationToken cancellationToken)
    {
        var now = time.GetTicks();
        var missing = false;
        for (var rest = documents; rest != 0; rest &= rest - 1)
        {
            var copy = Copy(own, rest & (0 - rest));
            if (!IsFresh(copy, now)) missing = true;
            else if (IsAgeing(copy, now) && !copy.IsRenewing) _ = copy.RenewAsync(RenewAsync);
        }

        return missing ? RenewAsync(own, documents, cancellationToken) : new(true);
    }

    /// <summary>How far these documents have come; null where there are no copies of all of them that can be gone by.</summary>
    public async ValueTask<ulong[]?> CaptureAsync(GenerationSet own, uint documents, CancellationToken cancellationToken)
    {
        if (!await EnsureAsync(own, documents, cancellationToken)) return null;
        var moments = new ulong[BitOperations.PopCount(documents)];
        var i = 0;
        for (var rest = documents; rest != 0; rest &= rest - 1) moments[i++] = Copy(own, rest & (0 - rest)).Known!.Document.Moment;
        return moments;
    }

    /// <summary>Whether an entry still holds, as far as this worker can tell without asking.</summary>
    public GenerationVerdict Check(GenerationSet own, CacheKind kind, in CacheKey key, GenerationStamp stamp)
    {
        if (!AreFresh(own, stamp.Documents)) return GenerationVerdict.Unknown;
        var invalidated = Since(GenerationScopes.All) || Since(GenerationScopes.Kind(kind)) || SinceIn(own, GenerationScopes.Key(key));
        foreach (var tag in stamp.Tags) invalidated = invalidated || Since(tag);
        return invalidated ? GenerationVerdict.Invalidated : GenerationVerdict.Valid;

        bool Since(ulong scope) => SinceIn(everyone, scope) || SinceIn(own, scope);

        bool SinceIn(GenerationSet set, ulong scope)
        {
            var number = GenerationScopes.DocumentOf(scope);
            var document = ReferenceEquals(set, everyone) ? GenerationScopes.Everyone(number) : GenerationScopes.Owner(number);

            // An entry that does not say how far the document had come can't be held against it.
            return (stamp.Documents & document) == 0 || set[number].Known!.Document.InvalidatedSince(stamp.Moments[GenerationScopes.PlaceOf(stamp.Documents, document)], scope);
        }
    }

    /// <summary>Invalidates a scope in some owners' sets; when it returns, no worker goes by an older copy.</summary>
    /// <exception cref="CacheUnavailableException">The store did not take it.</exception>
    public async Task InvalidateAsync(IReadOnlyList<string> owners, ulong scope, CancellationToken cancellationToken)
    {
        await Task.WhenAll(owners.Select(owner => WriteAsync(owner == StorePlaces.Everyone ? everyone[GenerationScopes.DocumentOf(scope)] : Of(owner)[GenerationScopes.DocumentOf(scope)], scope, cancellationToken)));
        if (Wait > TimeSpan.Zero) await Task.Delay(Wait, time, cancellationToken);
    }

    private static uint NewBirth() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    private GenerationCopy Copy(GenerationSet own, uint document)
    {
        var number = BitOperations.TrailingZeroCount(document);
        return number < GenerationScopes.Documents ? everyone[number] : own[number - GenerationScopes.Documents];
    }

    private bool IsFresh(GenerationCopy copy, long now) => copy.Known is { } known && (store.IsExclusive || now - known.From < lease.Ticks);

    /// <summary>Renewed ahead of its end, so that calls on what is used often never wait for it.</summary>
    private bool IsAgeing(GenerationCopy copy, long now) => !store.IsExclusive && copy.Known is { } known && now - known.From > lease.Ticks / 2;

    private async ValueTask<bool> RenewAsync(GenerationSet own, uint documents, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= RenewalTries; tries++)
        {
            // Those that are ageing too: else they would be over by the time the others are here.
            var now = time.GetTicks();
            List<Task> renewals = [];
            for (var rest = documents; rest != 0; rest &= rest - 1)
            {
                var copy = Copy(own, rest & (0 - rest));
                if (!IsFresh(copy, now) || IsAgeing(copy, now)) renewals.Add(copy.RenewAsync(RenewAsync));
            }

            await Task.WhenAll(renewals).WaitAsync(cancellationToken);
            if (AreFresh(own, documents)) return true;
            if (!gate.IsUp) return false;
        }

        return false;
    }

    private bool AreFresh(GenerationSet own, uint documents)
    {
        var now = time.GetTicks();
        for (var rest = documents; rest != 0; rest &= rest - 1)
        {
            if (!IsFresh(Copy(own, rest & (0 - rest)), now)) return false;
        }

        return true;
    }

    private async Task RenewAsync(GenerationCopy copy)
    {
        var from = time.GetTicks();
        var place = StorePlaces.Generations(copy.Owner, copy.Number);
        var read = await gate.AskAsync(token => store.GetAsync(place, token), CancellationToken.None);
        if (read.Given && Open(place, read.Value) is { } document) copy.TakeRead(document, from, onlyFirst: store.IsExclusive);
        else if (read.Given || read.Damaged) await ReplaceAsync(copy, place, read.Value, from);
    }

    /// <summary>Puts a document in the place of one that can't be read, so that the cache is of use again; everything under it is lost.</summary>
    private async Task ReplaceAsync(GenerationCopy copy, KeyValueKey place, KeyValueEntry? found, long from)
    {
        damaged(place);
        var fresh = GenerationDocument.Anew(NewBirth());
        var condition = found is null ? WriteCondition.Always : WriteCondition.Match(found.ETag);
        var written = await gate.AskAsync(token => store.SetAsync(place, SealedValue.Seal(place, SealedValue.Content.Generations, fresh.Pack()), expires: null, condition, token), CancellationToken.None);
        if (written is { Given: true, Value: not null }) copy.TakeRead(fresh, from, onlyFirst: store.IsExclusive);
    }

    private async Task WriteAsync(GenerationCopy copy, ulong scope, CancellationToken cancellationToken)
    {
        var place = StorePlaces.Generations(copy.Owner, copy.Number);
        for (var tries = 1; ; tries++)
        {
            var from = time.GetTicks();
            var found = await gate.InsistAsync("read what has been invalidated", token => store.GetAsync(place, token), cancellationToken);
            if (Open(place, found) is not { } known)
            {
                damaged(place);
                known = GenerationDocument.Anew(NewBirth());
            }

            var next = known.With([scope], NewBirth());
            var condition = found is null ? WriteCondition.New : WriteCondition.Match(found.ETag);
            var written = await gate.InsistAsync("write the invalidation", token => store.SetAsync(place, SealedValue.Seal(place, SealedValue.Content.Generations, next.Pack()), expires: null, condition, token), cancellationToken);
            if (written is not null)
            {
                copy.TakeWritten(next, from);
                LastWritten = time.GetTicks();
                return;
            }

            if (tries == MostTries) throw new CacheUnavailableException($"The document {place.Key} of '{copy.Owner}' was changed by others {MostTries} times as this invalidation was written. Nothing is promised. Try again.", new TimeoutException());
            if (tries > TriesAtOnce) await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, 10 * Math.Min(tries, 20))), time, cancellationToken);
        }
    }

    /// <summary>The document in an entry: none before the first invalidation; null where it can't be read.</summary>
    private static GenerationDocument? Open(KeyValueKey place, KeyValueEntry? found)
    {
        if (found is null) return GenerationDocument.None;
        if (!SealedValue.TryOpen(place, SealedValue.Content.Generations, found.Value, out var packed)) return null;
        try
        {
            return GenerationDocument.Unpack(packed.Span);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
