using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class LayeredCacheTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly CacheWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task GetOrMake_AskedTwice_MakesOnceAndSaysWhereItCameFrom()
    {
        var cache = world.Worker();
        var cost = new Cost(10, 5, 0.25m);
        var request = CacheWorld.Request();

        var first = await cache.GetOrMakeAsync(request, CacheWorld.Json, CacheWorld.Makes("one", cost), default);
        world.Time.Advance(Minute);
        var second = await cache.Ask("two");

        Assert.Equal(("one", null), (first.Value, first.Note));
        Assert.Equal("one", second.Value);
        Assert.Equal(new CacheNote { Source = CacheSource.Memory, Key = CacheKey.Of(request).ToString(), Age = Minute, Saved = cost }, second.Note);
        var counts = cache.Counts();
        Assert.Equal((1, 1, 1), (counts.MemoryHits, counts.Misses, counts.Kept));
        Assert.Equal(cost, counts.Saved);
        Assert.Equal(1, cache.Report().Entries);
    }

    [Fact]
    public async Task GetOrMake_AnotherWorkerMadeIt_ComesFromTheStoreThenFromMemory()
    {
        await world.Worker().Ask("one");
        var other = world.Worker();

        Assert.Equal(CacheSource.Store, (await other.Ask("two")).Note!.Source);
        Assert.Equal(CacheSource.Memory, (await other.Ask("two")).Note!.Source);
        Assert.Equal((1, 1, 0), (other.Counts().StoreHits, other.Counts().MemoryHits, other.Counts().Misses));
    }

    [Theory]
    [InlineData(CacheKind.Response, 5)]
    [InlineData(CacheKind.Reasoning, 15)]
    [InlineData(CacheKind.Tool, 60)]
    [InlineData(CacheKind.Embedding, 30 * 24 * 60)]
    public async Task GetOrMake_TtlOfItsKindIsOver_MakesItAnewInEveryLevel(CacheKind kind, int minutes)
    {
        var cache = world.Worker();
        var request = CacheWorld.Request(kind: kind);
        await cache.Ask("one", request);

        world.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromTicks(1));
        Assert.Equal("one", await cache.Kept(request));
        Assert.Equal("one", await world.Worker().Kept(request));
        world.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await cache.Kept(request));
        Assert.Null(await world.Worker().Kept(request));
        Assert.Equal("two", (await cache.Ask("two", request)).Value);
    }

    [Theory]
    [InlineData(null, null, 300)]
    [InlineData(60, null, 60)]
    [InlineData(600, null, 600)]
    [InlineData(60, 30, 30)]
    [InlineData(60, 90, 60)]
    [InlineData(null, 0, 0)]
    [InlineData(null, -1, 0)]
    public async Task GetOrMake_SettingsOrMakerLimitIt_TheShorterCounts(int? settings, int? fill, int kept)
    {
        var cache = world.Worker();
        var request = CacheWorld.Request(settings: new() { Ttl = settings is { } s ? TimeSpan.FromSeconds(s) : null });
        await cache.GetOrMakeAsync(request, CacheWorld.Json, _ => Task.FromResult(new CacheFill<string>("one", Ttl: fill is { } f ? TimeSpan.FromSeconds(f) : null)), default);

        if (kept > 0) world.Time.Advance(TimeSpan.FromSeconds(kept) - TimeSpan.FromTicks(1));
        Assert.Equal(kept > 0 ? "one" : null, await cache.Kept(request));
        world.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await cache.Kept(request));
    }

    [Fact]
    public async Task GetOrMake_FillSaysNotToKeep_KeepsNothing()
    {
        var cache = world.Worker();
        var result = await cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, _ => Task.FromResult(new CacheFill<string>("cut off", Keep: false)), default);

        Assert.Equal("cut off", result.Value);
        Assert.Null(await cache.Kept());
        Assert.Equal(0, cache.Counts().Kept);
    }

    [Fact]
    public async Task GetOrMake_Modes_DoAsTheySay()
    {
        var cache = world.Worker();
        CacheRequest In(CacheMode mode) => CacheWorld.Request(settings: new() { Mode = mode });

        Assert.Equal("off", (await cache.Ask("off", In(CacheMode.Off))).Value);
        var miss = await Assert.ThrowsAsync<CacheMissException>(() => cache.Ask("only", In(CacheMode.Only)));
        Assert.Contains("fast", miss.Message, StringComparison.Ordinal);
        await cache.Ask("used", In(CacheMode.Use));
        Assert.Equal("off", (await cache.Ask("off", In(CacheMode.Off))).Value);
        Assert.Equal("used", (await cache.Ask("only", In(CacheMode.Only))).Value);
        var refreshed = await cache.Ask("refreshed", In(CacheMode.Refresh));
        Assert.Equal(("refreshed", null), (refreshed.Value, refreshed.Note));
        Assert.Equal("refreshed", (await cache.Ask("used", In(CacheMode.Use))).Value);
        Assert.Equal("refreshed", await world.Worker().Kept());
    }

    [Fact]
    public async Task GetOrMake_OtherTenants_NeverShareUnlessTheEntryIsShared()
    {
        var cache = world.Worker();
        await cache.Ask("acme's", CacheWorld.Request(tenant: "acme"));
        await cache.Ask("everyone's", CacheWorld.Request(tenant: "acme", settings: new() { Shared = true }));

        Assert.Null(await cache.Kept(CacheWorld.Request(tenant: "other")));
        Assert.Null(await cache.Kept(CacheWorld.Request(tenant: "shared")));
        Assert.Equal("acme's", await cache.Kept(CacheWorld.Request(tenant: "acme")));
        Assert.Equal("everyone's", await cache.Kept(CacheWorld.Request(tenant: "other", settings: new() { Shared = true })));
        Assert.Equal("everyone's", await world.Worker().Kept(CacheWorld.Request(tenant: "shared", settings: new() { Shared = true })));
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(1024 * 1024)]
    public async Task GetOrMake_LargeValue_ComesBackAsItWas(int length)
    {
        var value = new string('x', length - 2) + "é\0";
        await world.Worker().Ask(value);
        var other = world.Worker();

        Assert.Equal(value, (await other.Ask("two")).Value);
        Assert.Equal(value, (await other.Ask("two")).Value);
        Assert.Equal((1, 1), (other.Counts().StoreHits, other.Counts().MemoryHits));
    }

    [Fact]
    public async Task GetOrMake_ValueIsLargerThanIsKept_IsServedAndNotKept()
    {
        world.Options.MostValueBytes = 1024;
        var cache = world.Worker();

        Assert.Equal(2000, (await cache.Ask(new string('x', 2000))).Value.Length);
        Assert.Null(await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_NullValue_IsAnAnswerToo()
    {
        var cache = world.Worker();
        await cache.Ask(null!);
        var second = await cache.Ask("two");

        Assert.Null(second.Value);
        Assert.NotNull(second.Note);
    }

    [Fact]
    public async Task GetOrMake_SettingsOutOfRange_AreRefusedWithNameValueAndRange()
    {
        var cache = world.Worker();
        var settings = new CacheSettings { Ttl = TimeSpan.FromMilliseconds(999), Mode = (CacheMode)9, Tags = ["", new string('t', 101)] };

        var refusal = await Assert.ThrowsAsync<PermanentFailureException>(() => cache.Ask("one", CacheWorld.Request(settings: settings)));
        Assert.All(["ttl is 00:00:00.9990000", "00:00:01", "365.00:00:00", "mode is 9", "Use, Refresh, Off or Only", "has 101 characters", "1 to 100"], part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.Ask("one", CacheWorld.Request(settings: new() { Tags = [.. Enumerable.Range(0, 17).Select(i => $"{i}")] })));
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.Ask("one", CacheWorld.Request(tenant: "*")));
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.Ask("one", CacheWorld.Request() with { Input = default }));
        Assert.Equal("one", (await cache.Ask("one", CacheWorld.Request(settings: new() { Ttl = TimeSpan.FromSeconds(1), Tags = [.. Enumerable.Range(0, 16).Select(i => $"{i}")] }))).Value);
    }

    [Fact]
    public async Task GetOrMake_ValueDoesNotFitTheTypeAnyMore_IsAMiss()
    {
        var cache = world.Worker();
        await cache.Ask("no number");

        var result = await cache.GetOrMakeAsync(CacheWorld.Request(), DurableJsonContext.Default.Int32, _ => Task.FromResult(new CacheFill<int>(7)), default);

        Assert.Equal((7, null), (result.Value, result.Note));
        Assert.True(cache.Counts().Corrupted >= 1);
    }

    [Fact]
    public async Task GetOrMake_ManyEntries_MemoryStaysWithinItsBytes()
    {
        world.Options.MemoryBytes = 1 << 20;
        var cache = world.Worker();
        for (var i = 0; i < 3000; i++) await cache.Ask(new string('x', 1000), CacheWorld.Request($"{i}"));

        var report = cache.Report();
        Assert.InRange(report.Bytes, (1 << 20) * 9 / 10, 1 << 20);
        Assert.Equal(1 << 20, report.MostBytes);
        Assert.Equal(CacheSource.Memory, (await cache.Ask("", CacheWorld.Request("2999"))).Note!.Source);
        Assert.Equal(CacheSource.Store, (await cache.Ask("", CacheWorld.Request("0"))).Note!.Source);
    }

    [Fact]
    public void Report_OfAFreshCache_SaysWhoseItIsAndSinceWhen()
    {
        world.Options.MemoryBytes = 2 << 20;
        var report = world.Worker().Report();

        Assert.Contains(Environment.MachineName, report.Worker, StringComparison.Ordinal);
        Assert.Equal(world.Time.GetUtcNow(), report.Since);
        Assert.True(report.StoreUp);
        Assert.Equal(4, report.Kinds.Count);
        Assert.All(report.Kinds.Values, counts => Assert.Equal(new CacheCounts(), counts));
    }
}
