using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>
/// The store's clock, as well as this worker can know it: a value is written and read back, and the store's time of that write lies between the moments before
/// and after, on the monotonic clock (Cristian, "Probabilistic clock synchronization", 1989). Where the store has no clock, or this process has it alone, it is
/// the computer's, which is then not followed backwards.
/// </summary>
internal sealed class StoreClock(IKeyValueStore store, StoreGate gate, TimeProvider time)
{
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);
    private readonly KeyValueKey place = new(new KeyValuePartition(StorePlaces.Everyone, "clock"), Guid.NewGuid().ToString("n"));
    private readonly Lock sync = new();
    private Reading? reading;
    private Task<bool>? measuring;

    /// <summary>The earliest that the store's clock can show now, in ticks of UTC. Ask after <see cref="EnsureAsync"/>.</summary>
    public long Earliest => Now(static reading => reading.Least);

    /// <summary>The latest that the store's clock can show now, in ticks of UTC. Ask after <see cref="EnsureAsync"/>.</summary>
    public long Latest => Now(static reading => reading.Most);

    /// <summary>Measures, where that has not been done or was long ago.</summary>
    /// <returns>Whether the clock is known.</returns>
    public ValueTask<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        if (store.IsExclusive) return new(true);
        if (reading is { } known && !IsOld(known)) return new(true);
        lock (sync)
        {
            if (measuring is null or { IsCompleted: true }) measuring = MeasureAsync();
            return new(measuring.IsCompleted ? measuring : measuring.WaitAsync(cancellationToken));
        }
    }

    private bool IsOld(Reading known)
    {
        var passed = time.GetTicks() - known.At;

        // A computer that slept, or whose clock was set: how much time passed is in doubt.
        return passed > MeasureEvery.Ticks || Math.Abs(time.GetUtcNow().UtcTicks - known.Local - passed) > Jump.Ticks;
    }

    private async Task<bool> MeasureAsync()
    {
        var before = time.GetTicks();
        var local = time.GetUtcNow().UtcTicks;
        var expires = time.GetUtcNow().AddDays(1);
        var written = await gate.AskAsync(token => store.SetAsync(place, SealedValue.Seal(place, SealedValue.Content.Clock, []), expires, WriteCondition.Always, token), CancellationToken.None);
        var after = time.GetTicks();
        if (!written.Given) return false;
        var read = await gate.AskAsync(token => store.GetAsync(place, token), CancellationToken.None);
        if (!read.Given || read.Value is not { } entry) return false;
        reading = entry.Written is { } moment
            ? new Reading(after, local + after - before, moment.UtcTicks, moment.UtcTicks + after - before, FromStore: true)
            : new Reading(after, local + after - before, 0, 0, FromStore: false);
        return true;
    }

    private long Now(Func<Reading, long> bound)
    {
        var now = time.GetTicks();
        if (reading is { FromStore: true } known) return bound(known) + now - known.At;
        lock (sync)
        {
            var utc = time.GetUtcNow().UtcTicks;
            if (own is not { } anchor || utc > anchor.Utc + now - anchor.At) own = anchor = (utc, now);
            return anchor.Utc + now - anchor.At;
        }
    }

    private (long Utc, long At)? own;

    /// <summary>What was measured.</summary>
    /// <param name="At">When, on the monotonic clock.</param>
    /// <param name="Local">What the computer's clock showed then.</param>
    /// <param name="Least">The least that the store's clock can have shown then.</param>
    /// <param name="Most">The most.</param>
    /// <param name="FromStore">Whether the store has a clock.</param>
    private sealed record Reading(long At, long Local, long Least, long Most, bool FromStore);
}
