using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Caching.Flights;

public sealed class SingleFlightTests : IDisposable
{
    private readonly CacheWorld world = new();
    private readonly TaskCompletionSource<CacheFill<string>> work = new();
    private int made;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task GetOrMake_SameWorkUnderWay_IsDoneOnceForAll()
    {
        var cache = world.Worker();
        var calls = Enumerable.Range(0, 10).Select(_ => Call(cache)).ToList();
        work.SetResult(new("one", new Cost(1, 2, 0.5m)));
        var results = await Task.WhenAll(calls);

        Assert.Equal(1, made);
        Assert.All(results, result => Assert.Equal("one", result.Value));
        Assert.Null(results[0].Note);
        Assert.All(results[1..], result => Assert.Equal((CacheSource.Coalesced, 0.5m), (result.Note!.Source, result.Note.Saved!.Usd)));
        Assert.Equal((1, 9, 4.5m), (cache.Counts().Misses, cache.Counts().Coalesced, cache.Counts().Saved.Usd));
    }

    [Fact]
    public async Task GetOrMake_LeaderCancels_TheOthersGetTheirAnswer()
    {
        var cache = world.Worker();
        using var cancel = new CancellationTokenSource();
        CancellationToken seen = default;
        var leader = Call(cache, token => seen = token, cancel.Token);
        var other = Call(cache);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.False(seen.IsCancellationRequested);
        work.SetResult(new("one"));
        Assert.Equal("one", (await other).Value);
    }

    [Fact]
    public async Task GetOrMake_EverybodyCancels_TheWorkIsCancelledAndTheNextCallBegins()
    {
        var cache = world.Worker();
        using var cancel = new CancellationTokenSource();
        CancellationToken seen = default;
        var calls = new[] { Call(cache, token => seen = token, cancel.Token), Call(cache, cancellationToken: cancel.Token) };
        Assert.False(seen.IsCancellationRequested);
        await cancel.CancelAsync();

        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(seen.IsCancellationRequested);
        Assert.Equal("two", (await cache.Ask("two")).Value);
    }

    [Fact]
    public async Task GetOrMake_WorkFails_EachGetsAnExceptionOfItsOwnOfTheSameType()
    {
        var cache = world.Worker();
        var calls = Enumerable.Range(0, 5).Select(_ => Call(cache)).ToList();
        var failure = new ThrottledException("Too many.", TimeSpan.FromSeconds(7));
        work.SetException(failure);

        var seen = new List<ThrottledException>();
        foreach (var call in calls) seen.Add(await Assert.ThrowsAsync<ThrottledException>(() => call));
        Assert.Equal(5, seen.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(seen, exception => Assert.Equal(("Too many.", TimeSpan.FromSeconds(7)), (exception.Message, exception.RetryAfter)));
        Assert.All(seen, exception => Assert.Contains(nameof(LayeredCache), exception.StackTrace, StringComparison.Ordinal));
        Assert.Null(await cache.Kept());
        Assert.Equal("two", (await cache.Ask("two")).Value);
    }

    [Fact]
    public async Task GetOrMake_RefreshWhileUseIsUnderWay_DoesItsOwnWork()
    {
        var cache = world.Worker();
        var use = Call(cache);
        var refreshed = await cache.Ask("fresh", CacheWorld.Request(settings: new() { Mode = CacheMode.Refresh }));
        work.SetResult(new("one"));

        Assert.Equal("fresh", refreshed.Value);
        Assert.Equal("one", (await use).Value);
    }

    [Fact]
    public async Task GetOrMake_OnlyWhileWorkIsUnderWay_DoesNotWait()
    {
        var cache = world.Worker();
        var call = Call(cache);

        Assert.Null(await cache.Kept());
        work.SetResult(new("one"));
        await call;
        Assert.Equal("one", await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_JoinsWorkThatIsInvalidatedMeanwhile_DoesItAnew()
    {
        var cache = world.Worker();
        var leader = Call(cache);
        await cache.InvalidateAsync(new() { Tenant = "acme" }, default);
        var joined = cache.Ask("after");
        work.SetResult(new("before"));

        Assert.Equal("before", (await leader).Value);
        Assert.Equal(("after", null), (await joined is var result ? (result.Value, result.Note) : default));
        Assert.Equal("after", await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_NotToBeKept_IsStillSharedWithThoseWhoWait()
    {
        var cache = world.Worker();
        var calls = new[] { Call(cache), Call(cache) };
        work.SetResult(new("cut off", Keep: false));

        Assert.All(await Task.WhenAll(calls), result => Assert.Equal("cut off", result.Value));
        Assert.Equal(1, made);
    }

    private Task<CacheResult<string>> Call(LayeredCache cache, Action<CancellationToken>? see = null, CancellationToken cancellationToken = default) =>
        cache.GetOrMakeAsync(
            CacheWorld.Request(),
            CacheWorld.Json,
            token =>
            {
                made++;
                see?.Invoke(token);
                return work.Task;
            },
            cancellationToken);
}
