using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Tests.Caching.Invalidation;

public sealed class InvalidateTests : IDisposable
{
    private readonly CacheWorld world = new();

    public void Dispose() => world.Dispose();

    public static TheoryData<CacheInvalidation, string> Which => new()
    {
        { new(), "" },
        { new() { Tenant = "a" }, "b-response b-tool shared" },
        { new() { Kind = CacheKind.Tool }, "a-response b-response shared" },
        { new() { Tag = "t" }, "a-response b-response" },
        { new() { Tenant = "a", Kind = CacheKind.Response }, "a-tool b-response b-tool" },
        { new() { Tenant = "a", Tag = "t" }, "a-response b-response b-tool" },
        { new() { Tenant = "a", Key = Key("a-response") }, "a-tool b-response b-tool shared" },
        { new() { Tenant = "a", Key = Key("b-response") }, "a-response a-tool b-response b-tool shared" },
        { new() { Tenant = "b", Key = Key("shared") }, "a-response a-tool b-response b-tool" },
        { new() { Tag = "other" }, "a-response a-tool b-response b-tool shared" },
    };

    [Theory]
    [MemberData(nameof(Which))]
    public async Task Invalidate_WhatIsSet_EndsThoseForWhichAllOfItHoldsAndNoOther(CacheInvalidation what, string left)
    {
        world.Store.Exclusive = false;
        var (cache, other) = (world.Worker(), world.Worker());
        string[] names = ["a-response", "a-tool", "b-response", "b-tool", "shared"];
        foreach (var name in names) await cache.Ask(name, Of(name));
        await world.PassUntilAsync(cache.InvalidateAsync(what, default));

        foreach (var asked in (LayeredCache[])[cache, other])
        {
            var kept = new List<string>();
            foreach (var name in names)
            {
                if (await asked.Kept(Of(name)) is not null) kept.Add(name);
            }

            Assert.Equal(left, string.Join(' ', kept));
        }

        foreach (var name in names) await cache.Ask("anew", Of(name));
        foreach (var name in names) Assert.NotNull(await other.Kept(Of(name)));
    }

    [Fact]
    public async Task Invalidate_SharedStore_WaitsTheLeaseAndThenNoWorkerServes()
    {
        world.Store.Exclusive = false;
        var (first, second) = (world.Worker(), world.Worker());
        await first.Ask("one");
        Assert.Equal("one", await second.Kept());
        var invalidating = first.InvalidateAsync(new() { Tenant = "acme" }, default);

        Assert.Null(await first.Kept());
        Assert.Equal("one", await second.Kept());
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(invalidating.IsCompleted);
        world.Time.Advance(TimeSpan.FromMilliseconds(100));
        await invalidating.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Null(await second.Kept());

        // The one in its memory and the one in the store.
        Assert.Equal(2, second.Counts().Invalidated);
        await second.Ask("two");
        Assert.Equal("two", await first.Kept());
    }

    [Fact]
    public async Task Invalidate_ProcessAloneHasTheStore_DoesNotWait()
    {
        var cache = world.Worker();
        await cache.Ask("one");
        var invalidating = cache.InvalidateAsync(new(), default);

        Assert.True(invalidating.IsCompletedSuccessfully);
        Assert.Null(await cache.Kept());
    }

    [Fact]
    public async Task Invalidate_RacesAFill_TheValueIsNotServedAfterwards()
    {
        var cache = world.Worker();
        var work = new TaskCompletionSource<CacheFill<string>>();
        var call = cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, _ => work.Task, default);
        await cache.InvalidateAsync(new() { Kind = CacheKind.Response }, default);
        work.SetResult(new("old"));

        Assert.Equal("old", (await call).Value);
        Assert.Null(await cache.Kept());
        Assert.Null(await world.Worker().Kept());
    }

    [Fact]
    public async Task KeepMany_InvalidatedSinceBegin_IsNotKeptAndTheOthersAre()
    {
        var cache = world.Worker();
        CacheRequest[] requests = [.. Enumerable.Range(0, 40).Select(i => CacheWorld.Request($"{i}", new() { Tags = [$"tag{i}"] }, kind: CacheKind.Embedding))];
        var began = await cache.BeginAsync(requests, default);
        await cache.InvalidateAsync(new() { Tag = "tag7" }, default);
        await cache.KeepManyAsync([.. requests.Select((request, i) => (request, new CacheFill<string>($"{i}", Cost.None)))], CacheWorld.Json, began, default);

        foreach (var asked in (LayeredCache[])[cache, world.Worker()])
        {
            var found = await asked.FindManyAsync([.. requests, CacheWorld.Request("none", kind: CacheKind.Embedding)], CacheWorld.Json, default);
            Assert.Equal(Enumerable.Range(0, 41).Select(i => i is 7 or 40 ? null : $"{i}"), found.Select(result => result?.Value));
            Assert.Equal(2, asked.Counts(CacheKind.Embedding).Misses);
        }
    }

    [Fact]
    public async Task KeepMany_AnotherCachesMoment_IsRefused()
    {
        var began = await world.Worker().BeginAsync([CacheWorld.Request()], default);
        await Assert.ThrowsAsync<ArgumentException>(() => world.Worker().KeepManyAsync([], CacheWorld.Json, began, default));
    }

    [Fact]
    public async Task Invalidate_StoreIsDown_SaysSoAndPromisesNothing()
    {
        var cache = world.Worker();
        world.Store.Before = (_, _, _) => throw new IOException("No way to the store.");

        var failure = await Assert.ThrowsAsync<CacheUnavailableException>(() => cache.InvalidateAsync(new(), default));
        Assert.Contains("No way to the store.", failure.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(failure.InnerException);
    }

    [Fact]
    public async Task GetOrMake_StoreIsDownAndShared_MemoryIsNotServedPastTheLeaseButAgainAfterwards()
    {
        world.Store.Exclusive = false;
        var cache = world.Worker();
        await cache.Ask("one");
        world.Store.Before = (_, _, _) => throw new IOException("No way to the store.");
        world.Time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal("one", await cache.Kept());
        world.Time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Null(await cache.Kept());
        world.Store.Before = (_, _, _) => Task.CompletedTask;
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("one", await cache.Kept());
    }

    [Fact]
    public async Task Invalidate_ManyAtOnce_AreAllWritten()
    {
        var (first, second) = (world.Worker(), world.Worker());
        CacheRequest Tagged(int i) => CacheWorld.Request($"{i}", new() { Tags = [$"tag{i}"] });
        for (var i = 0; i < 60; i++) await first.Ask("one", Tagged(i));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).InvalidateAsync(new() { Tag = $"tag{i}" }, default))));

        var fresh = world.Worker();
        for (var i = 0; i < 60; i++) Assert.Equal(i < 50 ? null : "one", await fresh.Kept(Tagged(i)));
    }

    [Fact]
    public async Task Generations_DocumentIsDamaged_EverythingUnderItIsAMissAndThenItWorksAgain()
    {
        var cache = world.Worker();
        await cache.Ask("one");
        await cache.InvalidateAsync(new() { Tenant = "acme", Kind = CacheKind.Tool }, default);
        var place = StorePlaces.Generations("acme", 0);
        var stored = (await world.Inner.GetAsync(place, default))!.Value.ToArray();
        stored[^1] ^= 1;
        await world.Inner.SetAsync(place, stored, null, WriteCondition.Always, default);

        var fresh = world.Worker();
        Assert.Null(await fresh.Kept());
        Assert.Contains(world.Log.Lines, line => line.Event == 2407);
        await fresh.Ask("two");
        Assert.Equal("two", await fresh.Kept());
        await fresh.InvalidateAsync(new() { Tenant = "acme" }, default);
        Assert.Null(await world.Worker().Kept());
    }

    [Fact]
    public async Task Invalidate_WhatDoesNotFit_IsRefused()
    {
        var cache = world.Worker();
        CacheInvalidation[] wrong = [new() { Tag = "" }, new() { Tag = new string('t', 101) }, new() { Tenant = "A" }, new() { Tag = "t", Kind = CacheKind.Tool }, new() { Key = Key("shared") }, new() { Tenant = "a", Key = "12" }, new() { Tenant = "a", Key = Key("shared"), Tag = "t" }, new() { Kind = (CacheKind)9 }];
        foreach (var what in wrong) await Assert.ThrowsAsync<PermanentFailureException>(() => cache.InvalidateAsync(what, default));
    }

    private static CacheRequest Of(string name) => name switch
    {
        "a-response" => CacheWorld.Request(name, tenant: "a"),
        "a-tool" => CacheWorld.Request(name, new() { Tags = ["t", "u"] }, tenant: "a", kind: CacheKind.Tool),
        "b-response" => CacheWorld.Request(name, tenant: "b"),
        "b-tool" => CacheWorld.Request(name, new() { Tags = ["t"] }, tenant: "b", kind: CacheKind.Tool),
        _ => CacheWorld.Request(name, new() { Shared = true, Tags = ["t"] }, tenant: "a"),
    };

    private static string Key(string name) => CacheKey.Of(Of(name)).ToString();
}
