using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching.Flights;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Caching;

public sealed partial class LayeredCache
{
    private const string RememberedMark = "AgentFunctions.Cache.Remembered";

    /// <summary>Joins the same work under way, or does it.</summary>
    private async Task<CacheResult<T>> FlyAsync<T>(CacheCall call, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
    {
        Flight<Outcome<T>>? outdated = null;
        while (true)
        {
            var joined = time.GetTicks();
            var (flight, leads) = flights.Enter(call.FlightKey<T>(), token => WorkAsync(call, json, make, token), outdated);
            Outcome<T> outcome;
            try
            {
                outcome = await flights.WaitAsync(flight, cancellationToken);
            }
            catch (Exception exception) when (exception is BudgetExceededException or BudgetBusyException && !leads && !cancellationToken.IsCancellationRequested)
            {
                // Another run's budget had no room for it; this call's own may have.
                outdated = flight;
                continue;
            }
            catch (Exception exception) when (!leads && !cancellationToken.IsCancellationRequested)
            {
                ExceptionDispatchInfo.Throw(ExceptionCopies.Of(exception));
                throw;
            }

            if (leads) return outcome.Found is { } found ? Serve(call, found, json, make) : new CacheResult<T>(outcome.Made!.Value, null);
            if (await HoldsAsync(call, outcome, flight, joined, cancellationToken)) return ServeJoined(call, outcome, json, make);

            // It was invalidated while it was made, perhaps before this call began: not for this call.
            outdated = flight;
        }
    }

    private async Task<Outcome<T>> WorkAsync<T>(CacheCall call, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, CancellationToken cancellationToken)
    {
        var use = call.Request.Settings.Mode == CacheMode.Use;
        if (use && (await FindAsync(call, call.Key, json, andInStore: true, cancellationToken) ?? (call.IsSemantic ? await FindByMeaningAsync(call, json, cancellationToken) : null)) is { } found)
        {
            return new Outcome<T> { Found = found, Stamp = found.Entry.Stamp };
        }

        return await MakeAsync(call, json, make, rememberFailure: use, cancellationToken);
    }

    private async Task<Outcome<T>> MakeAsync<T>(CacheCall call, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make, bool rememberFailure, CancellationToken cancellationToken)
    {
        var moments = await generations.CaptureAsync(call.Set, call.Documents, cancellationToken);
        var stamp = moments is null ? null : new GenerationStamp(call.Documents, moments, call.Tags);
        statistics.Miss(call.Request.Kind);
        CacheFill<T> fill;
        try
        {
            fill = await make(cancellationToken);
        }
        catch (PermanentFailureException failure) when (rememberFailure && failure is not (CacheMissException or BudgetExceededException or DeploymentRefusedException) && !failure.Data.Contains(RememberedMark) && options.Of(call.Request.Kind).NegativeFor > TimeSpan.Zero)
        {
            await KeepAsync(call, stamp, EntryOf(call, stamp, Encoding.UTF8.GetBytes(failure.Message), options.Of(call.Request.Kind).NegativeFor) with { Negative = true });
            throw;
        }

        var value = Write(fill.Value, json, call.Request.Kind);
        await KeepAsync(call, stamp, fill, value);
        return new Outcome<T> { Made = fill, Json = value, Stamp = stamp };
    }

    /// <summary>Has an entry past its time made anew, for those who come later.</summary>
    /// <returns>Whether that was begun now.</returns>
    private bool Revalidate<T>(CacheCall call, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make)
    {
        return flights.Begin(call.FlightKey<T>(), async token =>
        {
            // What waits for nothing must not hold up the call that is served.
            await Task.Yield();
            try
            {
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(token, stopping.Token);
                return await MakeAsync(call, json, make, rememberFailure: false, ends.Token);
            }
            catch (Exception exception)
            {
                LogNotRenewed(exception, call.Request.Kind, call.Request.Maker);
                throw;
            }
        });
    }

    /// <summary>Whether what another call's work gave may be served to one that joined it.</summary>
    private async ValueTask<bool> HoldsAsync<T>(CacheCall call, Outcome<T> outcome, Flight<Outcome<T>> flight, long joined, CancellationToken cancellationToken)
    {
        if (outcome.Stamp is { } stamp && await generations.EnsureAsync(call.Set, stamp.Documents, cancellationToken)
            && generations.Check(call.Set, call.Request.Kind, outcome.Found?.Key ?? call.Key, stamp) is var verdict and not GenerationVerdict.Unknown)
        {
            return verdict == GenerationVerdict.Valid && !(AgeOf(outcome)?.Ticks >= outcome.Found?.Entry.Life);
        }

        // The store does not tell. An invalidation that ended before this call began was written a lease before that, so work that began within the lease began after it.
        return generations.IsExclusive ? generations.LastWritten <= flight.Began : joined - flight.Began < generations.Lease.Ticks;
    }

    /// <summary>How old what was found is by now: time has passed since.</summary>
    private TimeSpan? AgeOf<T>(Outcome<T> outcome) => outcome.Found is { } found ? TimeSpan.FromTicks(time.GetTicks() - found.Entry.Created) : null;

    private CacheResult<T> ServeJoined<T>(CacheCall call, Outcome<T> outcome, JsonTypeInfo<T> json, Func<CancellationToken, Task<CacheFill<T>>> make)
    {
        // Each gets an answer of its own: it may be one that can be changed.
        if (outcome.Found is { } kept)
        {
            var found = kept with { Age = AgeOf(outcome)!.Value };
            return Serve(call, found.Entry.Negative ? found : found with { Value = JsonSerializer.Deserialize(found.Entry.Value.Span, json)! }, json, make);
        }

        var fill = outcome.Made!;
        statistics.Hit(call.Request.Kind, CacheSource.Coalesced, fill.Cost);
        var value = outcome.Json is { } bytes ? JsonSerializer.Deserialize(bytes.Span, json)! : fill.Value;
        return new CacheResult<T>(value, new CacheNote { Source = CacheSource.Coalesced, Key = call.Key.ToString(), Saved = fill.Cost });
    }

    private ReadOnlyMemory<byte>? Write<T>(T value, JsonTypeInfo<T> json, CacheKind kind)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, json);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            LogUnwritable(exception, kind, typeof(T).Name);
            return null;
        }
    }

    private async ValueTask KeepAsync<T>(CacheCall call, GenerationStamp? stamp, CacheFill<T> fill, ReadOnlyMemory<byte>? value)
    {
        var ttl = call.Request.Settings.Ttl ?? options.Of(call.Request.Kind).Ttl;
        if (fill.Ttl is { } own && own < ttl) ttl = own;
        if (!fill.Keep || ttl <= TimeSpan.Zero || value is not { } bytes || bytes.Length > options.MostValueBytes) return;
        await KeepAsync(call, stamp, EntryOf(call, stamp, bytes, ttl) with { Cost = fill.Cost, StaleFor = options.Of(call.Request.Kind).StaleFor, Question = call.IsSemantic ? call.Question : null, Scope = call.Scope });
    }

    private Entry EntryOf(CacheCall call, GenerationStamp? stamp, ReadOnlyMemory<byte> value, TimeSpan ttl) =>
        new() { Kind = call.Request.Kind, Created = time.GetTicks(), Ttl = ttl, Stamp = stamp ?? new GenerationStamp(0, [], []), Value = value };

    /// <summary>Keeps an entry, in memory and in the store; the latter for no longer than the timeout.</summary>
    private async ValueTask KeepAsync(CacheCall call, GenerationStamp? stamp, Entry entry)
    {
        // Without a moment nobody could tell whether it has been invalidated since.
        if (stamp is null || await IsOutdatedAsync(call, stamp)) return;
        memory.Put(call.Key, entry.Pack());
        if (!entry.Negative) statistics.Keep(entry.Kind);
        var writing = KeepInStoreAsync(call, entry);
        if (writing.IsCompletedSuccessfully) return;
        try
        {
            await writing.WaitAsync(options.StoreTimeout, time);
        }
        catch (TimeoutException)
        {
            // It goes on; the answer does not wait for it.
        }
    }

    private async Task KeepInStoreAsync(CacheCall call, Entry entry)
    {
        await store.WriteAsync(call.Owner, call.Key, entry, CancellationToken.None);
        if (entry.Question is not null) await PointAsync(call, entry);
    }

    private async ValueTask<bool> IsOutdatedAsync(CacheCall call, GenerationStamp stamp) =>
        await generations.EnsureAsync(call.Set, stamp.Documents, CancellationToken.None) && generations.Check(call.Set, call.Request.Kind, call.Key, stamp) == GenerationVerdict.Invalidated;
}
