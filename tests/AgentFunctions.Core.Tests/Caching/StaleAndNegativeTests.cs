using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Budgets;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class StaleAndNegativeTests : IDisposable
{
    private readonly CacheWorld world = new();

    public StaleAndNegativeTests()
    {
        world.Options.Response.StaleFor = TimeSpan.FromMinutes(2);
        world.Options.Tool.NegativeFor = TimeSpan.FromSeconds(30);
    }

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task GetOrMake_PastItsTime_IsServedStaleAndMadeAnewInTheBackground()
    {
        var cache = world.Worker();
        await cache.Ask("one");
        world.Time.Advance(TimeSpan.FromMinutes(6));

        var stale = await cache.Ask("two");
        Assert.Equal(("one", CacheSource.Stale, TimeSpan.FromMinutes(6)), (stale.Value, stale.Note!.Source, stale.Note.Age));
        await cache.SettleAsync();
        var fresh = await cache.Ask("three");
        Assert.Equal(("two", CacheSource.Memory), (fresh.Value, fresh.Note!.Source));
        Assert.Equal((1, 1, 2), (cache.Counts().Stale, cache.Counts().MemoryHits, cache.Counts().Misses));
    }

    [Fact]
    public async Task GetOrMake_NoBudget_IsNotRememberedForThoseWhoHaveOne()
    {
        world.Options.Response.NegativeFor = TimeSpan.FromMinutes(1);
        var cache = world.Worker();
        await Assert.ThrowsAsync<BudgetExceededException>(() => cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, _ => throw NoRoom(), default));
        Assert.Equal("two", (await cache.Ask("two")).Value);
    }

    [Fact]
    public async Task GetOrMake_WrongKeyAtTheProvider_IsNotRememberedForWhenItIsSetRight()
    {
        world.Options.Response.NegativeFor = TimeSpan.FromMinutes(1);
        var cache = world.Worker();
        await Assert.ThrowsAsync<DeploymentRefusedException>(() => cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, _ => throw new DeploymentRefusedException("HTTP 401"), default));
        Assert.Equal("two", (await cache.Ask("two")).Value);
    }

    [Fact]
    public async Task GetOrMake_NoBudgetOfTheCallThatLeads_ThoseWhoJoinedAskThemselves()
    {
        var cache = world.Worker();
        var work = new TaskCompletionSource<CacheFill<string>>();
        var leads = cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, _ => work.Task, default);
        var joins = cache.Ask("mine");
        work.SetException(NoRoom());
        await Assert.ThrowsAsync<BudgetExceededException>(() => leads);
        Assert.Equal("mine", (await joins).Value);
    }

    [Fact]
    public async Task GetOrMake_StaleWhileItIsMadeAnew_IsNotMadeTwice()
    {
        var cache = world.Worker();
        await cache.Ask("one");
        world.Time.Advance(TimeSpan.FromMinutes(6));
        var work = new TaskCompletionSource<CacheFill<string>>();
        var made = 0;
        Task<CacheFill<string>> Make(CancellationToken token)
        {
            made++;
            return work.Task;
        }

        for (var i = 0; i < 3; i++) Assert.Equal("one", (await cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, Make, default)).Value);
        work.SetResult(new("two"));
        await cache.SettleAsync();
        Assert.Equal(1, made);
        Assert.Equal("two", await cache.Kept());
    }

    [Fact]
    public async Task GetOrMake_MakingItAnewFails_LeavesTheStaleOneUntilItsEnd()
    {
        var cache = world.Worker();
        await cache.Ask("one");
        world.Time.Advance(TimeSpan.FromMinutes(6));
        Task<CacheResult<string>> Ask() => cache.GetOrMakeAsync(CacheWorld.Request(), CacheWorld.Json, _ => throw new PermanentFailureException("Refused."), default);

        Assert.Equal("one", (await Ask()).Value);
        await cache.SettleAsync();
        Assert.Contains(world.Log.Lines, line => line is { Level: LogLevel.Warning, Event: 2406 });
        world.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", (await Ask()).Value);
        await cache.SettleAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Refused.", (await Assert.ThrowsAsync<PermanentFailureException>(Ask)).Message);
    }

    [Fact]
    public async Task GetOrMake_StaleInTheStore_IsServedToAnotherWorkerButNotToOneThatWantsOnlyKept()
    {
        await world.Worker().Ask("one");
        world.Time.Advance(TimeSpan.FromMinutes(6));
        var other = world.Worker();

        Assert.Null(await other.Kept());
        Assert.Equal([null], await other.FindManyAsync([CacheWorld.Request()], CacheWorld.Json, default));
        Assert.Equal(CacheSource.Stale, (await other.Ask("two")).Note!.Source);
        await other.SettleAsync();
        Assert.Equal("two", await other.Kept());
    }

    [Fact]
    public async Task GetOrMake_StaleEntryWasInvalidated_IsNotServed()
    {
        var cache = world.Worker();
        await cache.Ask("one");
        world.Time.Advance(TimeSpan.FromMinutes(6));
        await cache.InvalidateAsync(new(), default);

        Assert.Equal(("two", null), (await cache.Ask("two") is var result ? (result.Value, result.Note) : default));
    }

    [Fact]
    public async Task GetOrMake_PermanentFailure_IsRememberedAndSaysSo()
    {
        var cache = world.Worker();
        var request = CacheWorld.Request(kind: CacheKind.Tool);
        var made = 0;
        Task<CacheResult<string>> Ask(ICallCache asked, CacheMode mode = CacheMode.Use) => asked.GetOrMakeAsync<string>(request with { Settings = new() { Mode = mode } }, CacheWorld.Json, _ => throw new PermanentFailureException($"No such page {++made}."), default);

        Assert.Equal("No such page 1.", (await Assert.ThrowsAsync<PermanentFailureException>(() => Ask(cache))).Message);
        world.Time.Advance(TimeSpan.FromSeconds(10));
        var remembered = await Assert.ThrowsAsync<PermanentFailureException>(() => Ask(cache));
        Assert.All(["No such page 1.", "remembered", "10 s ago", "30 s", "Cache:Tool:NegativeFor"], part => Assert.Contains(part, remembered.Message, StringComparison.Ordinal));
        await Assert.ThrowsAsync<PermanentFailureException>(() => Ask(world.Worker()));
        Assert.Null(await cache.Kept(request));
        Assert.Equal([null], await cache.FindManyAsync([request], CacheWorld.Json, default));
        Assert.Equal((1, 1), (made, cache.Counts(CacheKind.Tool).NegativeHits));

        Assert.Equal("No such page 2.", (await Assert.ThrowsAsync<PermanentFailureException>(() => Ask(cache, CacheMode.Refresh))).Message);
        world.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("No such page 3.", (await Assert.ThrowsAsync<PermanentFailureException>(() => Ask(cache))).Message);
    }

    [Fact]
    public async Task GetOrMake_OtherFailures_AreNotRemembered()
    {
        var cache = world.Worker();
        var request = CacheWorld.Request(kind: CacheKind.Tool);
        foreach (var failure in (Exception[])[new CacheMissException("Inner."), new TimeoutException("Slow."), new ThrottledException("Later.", null)])
        {
            Assert.Equal(failure.Message, (await Assert.ThrowsAnyAsync<Exception>(() => cache.GetOrMakeAsync<string>(request, CacheWorld.Json, _ => throw failure, default))).Message);
            Assert.Equal("ok", (await cache.Ask("ok", request with { Maker = failure.Message })).Value);
        }

        Assert.Equal("made", (await cache.Ask("made", request)).Value);
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.GetOrMakeAsync<string>(CacheWorld.Request("r"), CacheWorld.Json, _ => throw new PermanentFailureException("Responses are not."), default));
        Assert.Equal("made", (await cache.Ask("made", CacheWorld.Request("r"))).Value);
    }

    [Fact]
    public async Task GetOrMake_RememberedFailureOfACacheWithin_IsNotRememberedAgain()
    {
        var cache = world.Worker();
        var inner = CacheWorld.Request("inner", kind: CacheKind.Tool);
        Task<CacheFill<string>> Inner(CancellationToken token) => throw new PermanentFailureException("Gone.");
        Task<CacheResult<string>> Outer() => cache.GetOrMakeAsync(CacheWorld.Request("outer", kind: CacheKind.Tool), CacheWorld.Json, async token => new CacheFill<string>((await cache.GetOrMakeAsync(inner, CacheWorld.Json, Inner, token)).Value), default);
        await Assert.ThrowsAsync<PermanentFailureException>(() => cache.GetOrMakeAsync(inner, CacheWorld.Json, Inner, default));

        await Assert.ThrowsAsync<PermanentFailureException>(Outer);
        world.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("Gone.", (await Assert.ThrowsAsync<PermanentFailureException>(Outer)).Message);
    }

    private static BudgetExceededException NoRoom() =>
        BudgetExceededException.Of(BudgetAccountId.OfRun("r"), new BudgetStanding(new BudgetLease(1, default, default, default, default, null), new BudgetLimit { Usd = 1 }, "run", null, new(1, 0)), new(0.1m, 0));
}
