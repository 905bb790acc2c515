using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class StoreFaultTests : IDisposable
{
    private readonly CacheWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task GetOrMake_AnyBitOfTheEntryIsFlipped_IsAMissAndDropped()
    {
        await world.Worker().Ask("one");
        var place = StorePlaces.Entry("acme", CacheKind.Response, CacheKey.Of(CacheWorld.Request()));
        var stored = (await world.Inner.GetAsync(place, default))!.Value.ToArray();
        var cache = world.Worker();
        for (var bit = 0; bit < stored.Length * 8; bit++)
        {
            var flipped = stored.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await world.Inner.SetAsync(place, flipped, null, WriteCondition.Always, default);
            Assert.Null(await cache.Kept());
            Assert.Null(await world.Inner.GetAsync(place, default));
        }

        Assert.Equal(stored.Length * 8, cache.Counts().Corrupted);
        await world.Inner.SetAsync(place, stored, null, WriteCondition.Always, default);
        Assert.Equal("one", await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_EntryIsCutOffOrElsewhere_IsAMiss()
    {
        await world.Worker().Ask("one");
        await world.Worker().Ask("two", CacheWorld.Request("b"));
        var place = StorePlaces.Entry("acme", CacheKind.Response, CacheKey.Of(CacheWorld.Request()));
        var stored = (await world.Inner.GetAsync(place, default))!.Value;
        var cache = world.Worker();
        for (var length = 0; length < stored.Length; length++)
        {
            await world.Inner.SetAsync(place, stored[..length], null, WriteCondition.Always, default);
            Assert.Null(await cache.Kept());
        }

        await world.Inner.SetAsync(StorePlaces.Entry("acme", CacheKind.Response, CacheKey.Of(CacheWorld.Request("b"))), stored, null, WriteCondition.Always, default);
        Assert.Null(await cache.Kept(CacheWorld.Request("b")));
    }

    [Fact]
    public async Task GetOrMake_StoreCannotReadTheRow_DropsItAndIsNotDown()
    {
        var cache = world.Worker();
        world.Store.Read = (key, entry) => key.Partition.Kind == "response" && entry is not null ? throw new InvalidDataException("Of no known form.") : entry;
        await world.Worker().Ask("one");

        Assert.Equal("two", (await cache.Ask("two")).Value);
        Assert.True(cache.Report().StoreUp);
        Assert.Equal(1, cache.Counts().Corrupted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetOrMake_StoreIsDown_EveryCallIsServedAndTheStoreIsAskedGently(bool exclusive)
    {
        world.Store.Exclusive = exclusive;
        world.Store.Before = (_, _, _) => throw new IOException("No way to the store.");
        var cache = world.Worker();
        for (var i = 0; i < 50; i++) Assert.Equal($"{i}", (await cache.Ask($"{i}", CacheWorld.Request($"{i}"))).Value);

        Assert.InRange(world.Store.Calls, 1, 3);
        Assert.False(cache.Report().StoreUp);
        Assert.Single(world.Log.Lines, line => line is { Level: LogLevel.Warning, Event: 2401 });

        var before = world.Store.Calls;
        for (var i = 0; i < 6000; i++)
        {
            world.Time.Advance(TimeSpan.FromMilliseconds(100));
            await cache.Ask("x", CacheWorld.Request($"again {i}"));
        }

        // Ten minutes: 0.25, 0.5, 1, 2, 4, 8, 16 s and then every 30 s.
        Assert.InRange(world.Store.Calls - before, 20, 30);
        Assert.InRange(world.Log.Lines.Count(line => line.Event == 2401), 5, 11);

        world.Store.Before = (_, _, _) => Task.CompletedTask;
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await cache.Ask("back");
        Assert.Equal("back", (await cache.Ask("other")).Value);
        Assert.True(cache.Report().StoreUp);
        Assert.Single(world.Log.Lines, line => line.Event == 2402);
    }

    [Fact]
    public async Task GetOrMake_StoreHangs_IsCutAtTheTimeoutAndThenLeftAlone()
    {
        world.Store.Before = (_, _, token) => Task.Delay(Timeout.InfiniteTimeSpan, world.Time, token);
        var cache = world.Worker();
        var call = cache.Ask("one");
        Assert.False(call.IsCompleted);
        world.Time.Advance(world.Options.StoreTimeout);

        Assert.Equal("one", (await call.WaitAsync(TimeSpan.FromSeconds(30))).Value);
        var calls = world.Store.Calls;
        var next = cache.Ask("two", CacheWorld.Request("b"));
        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal(calls, world.Store.Calls);
    }

    [Fact]
    public async Task GetOrMake_StoreHangsAndHearsNoCancellation_IsCutAllTheSame()
    {
        world.Store.Before = (_, _, _) => Task.Delay(Timeout.InfiniteTimeSpan, world.Time, default);
        var call = world.Worker().Ask("one");
        world.Time.Advance(world.Options.StoreTimeout);

        Assert.Equal("one", (await call.WaitAsync(TimeSpan.FromSeconds(30))).Value);
    }

    [Fact]
    public async Task GetOrMake_StoreIsSlowToWrite_TheAnswerWaitsNoLongerThanTheTimeout()
    {
        world.Store.Before = (what, _, token) => what == "set" ? Task.Delay(TimeSpan.FromSeconds(20), world.Time, token) : Task.CompletedTask;
        var cache = world.Worker();
        var call = cache.Ask("one");
        Assert.False(call.IsCompleted);
        world.Time.Advance(world.Options.StoreTimeout);

        Assert.Equal("one", (await call.WaitAsync(TimeSpan.FromSeconds(30))).Value);
        Assert.Equal("one", await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_CallerCancelsAsTheStoreIsAsked_IsNoFailureOfTheStore()
    {
        world.Store.Before = (_, _, token) => Task.Delay(Timeout.InfiniteTimeSpan, world.Time, token);
        var cache = world.Worker();
        using var cancel = new CancellationTokenSource();
        var call = cache.GetOrMakeAsync(CacheWorld.Request(settings: new() { Mode = CacheMode.Only }), CacheWorld.Json, CacheWorld.Makes("x"), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(cache.Report().StoreUp);
    }

    [Fact]
    public async Task GetOrMake_TwoWorkersWriteOneKey_TheLastOneStaysAndBothAreServedWhole()
    {
        var request = CacheWorld.Request(settings: new() { Mode = CacheMode.Refresh });
        var (first, second) = (world.Worker(), world.Worker());
        await Task.WhenAll(first.Ask(new string('1', 100_000), request), second.Ask(new string('2', 100_000), request));

        var kept = await world.Worker().Kept();
        Assert.Contains(kept, (string[])[new string('1', 100_000), new string('2', 100_000)]);
        Assert.Equal(new string('1', 100_000), await first.Kept());
        Assert.Equal(new string('2', 100_000), await second.Kept());
    }

    [Theory]
    [InlineData(-5, 5)]
    [InlineData(5, -5)]
    public async Task GetOrMake_WorkersClocksDiffer_EntriesLiveByTheStoresClock(int writer, int reader)
    {
        world.Store.Exclusive = false;
        await world.Worker(TimeSpan.FromMinutes(writer)).Ask("one");
        var other = world.Worker(TimeSpan.FromMinutes(reader));
        var third = world.Worker();

        world.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("one", await other.Kept());
        world.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", await third.Kept());
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await other.Kept());
        Assert.Null(await third.Kept());
        Assert.Null(await world.Worker(TimeSpan.FromMinutes(reader)).Kept());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task GetOrMake_TheComputersClockIsSet_MemoryGoesByTheTimeThatPassed(int minutes)
    {
        var cache = world.Worker();
        await cache.Ask("one");
        world.Time.Set(TimeSpan.FromMinutes(minutes));
        world.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal("one", await cache.Kept());
        world.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_TheStoresEntryIsFromTheFuture_IsAMiss()
    {
        await world.Worker().Ask("one");
        world.Time.Set(-TimeSpan.FromMinutes(5));

        Assert.Null(await world.Worker().Kept());
    }
}
