using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Entities: an operation applies once and in order for a key, and one that fails changes nothing.</summary>
public abstract class EntitiesConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, string[]> Main = new("Main");
    private static readonly OrchestratorReference<int, int[]> Sums = new("Sums");
    private static readonly OrchestratorReference<string, CounterState> Look = new("Look");

    [Fact]
    public async Task Call_ReturnsTheAnswerAndSavesTheState()
    {
        await HostAsync(c => c.Counter().Orchestrator(Sums, async (context, by) =>
            [await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, by), await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, by)]));

        Assert.Equal(new[] { 5, 10 }, await ResultAsync(Sums, 5));
        Assert.Equal(10, (await SavedAsync("a"))?.Value);
    }

    [Fact]
    public async Task Calls_FromOneRunAtOnce_ApplyInTheOrderOfTheCode()
    {
        await HostAsync(c => c.Counter().Orchestrator(Sums, async (context, n) =>
            await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Append, $"{i}")).ToList())));

        Assert.Equal(Enumerable.Range(1, 30), await ResultAsync(Sums, 30));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), (await SavedAsync("a"))?.Log);
    }

    [Fact]
    public async Task SignalsAndCalls_FromOneRun_ApplyInTheOrderOfTheCode()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, async (context, n) =>
        {
            for (var i = 0; i < n; i++)
            {
                context.SignalEntity(CounterEntity.At("a"), CounterEntity.Append, $"signal {i}");
                await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Append, $"call {i}");
            }

            return [.. (await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Read, 0)).Log];
        }));

        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => new[] { $"signal {i}", $"call {i}" }), await ResultAsync(Main, 10));
    }

    [Fact]
    public async Task Signals_FromAClient_ApplyOnceAndInOrder()
    {
        await HostAsync(c => c.Counter());

        for (var i = 0; i < 50; i++)
            await Client.SignalEntityAsync(CounterEntity.At("a"), CounterEntity.Append, i.ToString(CultureInfo.InvariantCulture), Patience);

        var state = await UntilAsync(() => SavedAsync("a"), s => s?.Log.Count >= 50, "50 signals are applied");
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i.ToString(CultureInfo.InvariantCulture)), state!.Log);
        await LaterAsync();
        Assert.Equal(50, (await SavedAsync("a"))!.Log.Count);
    }

    [Fact]
    public async Task Increments_OneHundredAtOnce_FromRunsAndClients_SumRight()
    {
        await HostAsync(c => c.Counter().Orchestrator(Sums, async (context, n) =>
        {
            context.SignalEntity(CounterEntity.At("sum"), CounterEntity.Add, 1);
            return await Task.WhenAll(Enumerable.Range(1, n).Select(_ => context.CallEntityAsync(CounterEntity.At("sum"), CounterEntity.Add, 1)).ToList());
        }));

        var runs = Enumerable.Range(0, 10).Select(_ => Task.Run(() => ResultAsync(Sums, 4))).ToList();
        var signals = Enumerable.Range(0, 50).Select(_ => Task.Run(() => Client.SignalEntityAsync(CounterEntity.At("sum"), CounterEntity.Add, 1, Patience))).ToList();
        await Task.WhenAll(signals);
        var answers = (await Task.WhenAll(runs)).SelectMany(a => a).ToList();

        await UntilAsync(() => SavedAsync("sum"), s => s?.Value >= 100, "100 increments are applied");
        await LaterAsync();
        Assert.Equal(100, (await SavedAsync("sum"))!.Value);
        Assert.Equal(40, answers.Distinct().Count());
    }

    [Fact]
    public async Task Signal_FollowedByManyTurns_AppliesOnce()
    {
        await HostAsync(c => c.Counter().Orchestrator(Look, async (context, key) =>
        {
            context.SignalEntity(CounterEntity.At(key), CounterEntity.Add, 1);
            for (var i = 0; i < 10; i++)
                await context.CreateTimerAsync(TimeSpan.Zero);
            return await context.CallEntityAsync(CounterEntity.At(key), CounterEntity.Read, 0);
        }));

        Assert.Equal(1, (await ResultAsync(Look, "a")).Value);
        await LaterAsync();
        Assert.Equal(1, (await SavedAsync("a"))!.Value);
    }

    [Fact]
    public async Task Signal_SentByTheLastTurnOfARun_IsApplied()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, (context, by) =>
        {
            context.SignalEntity(CounterEntity.At("a"), CounterEntity.Add, by);
            return Task.FromResult(Array.Empty<string>());
        }));

        await ResultAsync(Main, 3);

        await UntilAsync(() => SavedAsync("a"), s => s?.Value == 3, "the signal is applied");
    }

    [Fact]
    public async Task Operation_Fails_LeavesTheStateAndTellsTheCaller()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, async (context, _) =>
        {
            await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 5);
            var failure = await FailureOfAsync(() => context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.AddThenFail, "out of stock"));
            return [failure?.Type ?? "", failure?.Message ?? "", $"{await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 1)}"];
        }));

        Assert.Equal(["InvalidOperationException", "out of stock", "6"], await ResultAsync(Main, 0));
        Assert.Equal(6, (await SavedAsync("a"))!.Value);
    }

    [Fact]
    public async Task Signal_Fails_LeavesTheStateAndTheEntityGoesOn()
    {
        await HostAsync(c => c.Counter());

        await Client.SignalEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 5, Patience);
        await Client.SignalEntityAsync(CounterEntity.At("a"), CounterEntity.AddThenFail, "dropped", Patience);
        await Client.SignalEntityAsync(CounterEntity.At("a"), new EntityOperation<int, int>("noSuchOperation"), 1, Patience);
        await Client.SignalEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 1, Patience);

        var state = await UntilAsync(() => SavedAsync("a"), s => s is not null && s.Value != 5, "the last signal is applied");
        Assert.Equal(6, state!.Value);
    }

    [Fact]
    public async Task Operation_Unknown_IsAClearFailure()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, async (context, x) =>
        {
            var failure = await FailureOfAsync(() => context.CallEntityAsync(CounterEntity.At("a"), new EntityOperation<int, int>("noSuchOperation"), x));
            return [failure?.Message ?? "", $"{failure?.Permanent}"];
        }));

        var result = await ResultAsync(Main, 0);

        Assert.Contains("noSuchOperation", result[0], StringComparison.Ordinal);
        Assert.Equal("True", result[1]);
    }

    [Fact]
    public async Task Operation_InputDoesNotFit_IsAClearFailure()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, async (context, _) =>
        {
            var failure = await FailureOfAsync(() => context.CallEntityAsync(CounterEntity.At("a"), new EntityOperation<string, int>("add"), "no number"));
            return [failure?.Type ?? ""];
        }));

        Assert.Equal(["JsonException"], await ResultAsync(Main, 0));
    }

    [Fact]
    public async Task Entity_Unknown_CalledByARun_IsAClearFailure()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, async (context, x) =>
        {
            var failure = await FailureOfAsync(() => context.CallEntityAsync(new EntityId("NoSuchEntity", "a"), CounterEntity.Add, x));
            return [failure?.Message ?? ""];
        }));

        Assert.Contains("nosuchentity", (await ResultAsync(Main, 0))[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Entity_Unknown_SignalledByAClient_IsRefused()
    {
        await HostAsync(c => c.Counter());

        var error = await Assert.ThrowsAsync<EntityNotFoundException>(() => Client.SignalEntityAsync(new EntityId("NoSuchEntity", "a"), CounterEntity.Add, 1, Patience));

        Assert.Equal("NoSuchEntity", error.EntityName, ignoreCase: true);
    }

    [Fact]
    public virtual async Task Entity_NameIsLowerCasedAndKeyKeepsItsCase()
    {
        await HostAsync(c => c.Counter().Orchestrator(Main, async (context, _) =>
        {
            await context.CallEntityAsync(new EntityId("COUNTER", "Key"), CounterEntity.Add, 1);
            await context.CallEntityAsync(new EntityId("counter", "Key"), CounterEntity.Add, 1);
            await context.CallEntityAsync(new EntityId("counter", "key"), CounterEntity.Add, 10);
            return [await context.CallEntityAsync(new EntityId("CounteR", "Key"), CounterEntity.Where, 0)];
        }));

        Assert.Equal(["@counter@Key"], await ResultAsync(Main, 0));
        Assert.Equal(2, (await SavedAsync("Key"))!.Value);
        Assert.Equal(10, (await SavedAsync("key"))!.Value);
    }

    [Fact]
    public async Task Operation_NameInOtherCase_IsTheSameOperation()
    {
        await HostAsync(c => c.Counter().Orchestrator(Sums, async (context, by) =>
            [await context.CallEntityAsync(CounterEntity.At("a"), new EntityOperation<int, int>("ADD"), by)]));

        Assert.Equal(new[] { 4 }, await ResultAsync(Sums, 4));
    }

    [Fact]
    public async Task Keys_OneHundred_AreIndependent()
    {
        await HostAsync(c => c.Counter().Orchestrator(Sums, (context, n) =>
            Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallEntityAsync(CounterEntity.At($"key {i}"), CounterEntity.Add, i)).ToList())));

        Assert.Equal(Enumerable.Range(0, 100), await ResultAsync(Sums, 100));
        Assert.Equal(42, (await SavedAsync("key 42"))!.Value);
    }

    [Fact]
    public async Task State_OfAnEntityThatWasRemoved_IsNullAndTheNextOperationBeginsAnew()
    {
        await HostAsync(c => c.Counter().Orchestrator(Sums, async (context, by) =>
        {
            var first = await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, by);
            await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Remove, 0);
            await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Remove, 0);
            var second = await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, by + 1);
            await context.CallEntityAsync(CounterEntity.At("b"), CounterEntity.Add, by);
            await context.CallEntityAsync(CounterEntity.At("b"), CounterEntity.Remove, 0);
            await context.CallEntityAsync(CounterEntity.At("c"), CounterEntity.Remove, 0);
            return [first, second];
        }));

        Assert.Equal(new[] { 5, 6 }, await ResultAsync(Sums, 5));
        Assert.Equal(6, (await SavedAsync("a"))?.Value);
        Assert.Null(await SavedAsync("b"));
        Assert.Null(await SavedAsync("c"));
    }

    [Fact]
    public async Task State_OfAnUntouchedKey_IsNull()
    {
        await HostAsync(c => c.Counter());

        Assert.Null(await SavedAsync("never touched"));
    }

    private static async Task<FailureDetails?> FailureOfAsync(Func<Task<int>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (TaskFailedException e)
        {
            return e.Details;
        }
    }

    private Task<CounterState?> SavedAsync(string key) => Client.GetEntityStateAsync<CounterState>(CounterEntity.At(key), Patience);
}
