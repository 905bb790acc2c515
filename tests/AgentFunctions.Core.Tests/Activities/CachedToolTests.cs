using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Caching;
using AgentFunctions.Core.Tests.Tools;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Activities;

/// <summary>CallTool with a cache: whose answers are kept, for how long, and under which key.</summary>
public sealed class CachedToolTests
{
    private readonly FakeCallCache cache = new();
    private readonly ToolOptions options = new();
    private IContentStore store = new MemoryContentStore();
    private int runs;

    [Theory]
    [InlineData(ToolEffect.ReadOnly, null, true)]
    [InlineData(ToolEffect.ReadOnly, 0, false)]
    [InlineData(ToolEffect.ReadOnly, 60, true)]
    [InlineData(ToolEffect.Idempotent, null, false)]
    [InlineData(ToolEffect.Idempotent, 60, true)]
    [InlineData(ToolEffect.Unsafe, null, false)]
    [InlineData(ToolEffect.Unsafe, 60, false)]
    public async Task Run_Twice_CallsOnceWhereItsAnswersMayBeKept(ToolEffect effect, int? seconds, bool isKept)
    {
        var tool = Counter().With(effect, cacheFor: seconds is { } time ? TimeSpan.FromSeconds(time) : null);
        await CallAsync(tool);
        var second = await CallAsync(tool);
        Assert.Equal(isKept ? 1 : 2, runs);
        Assert.Equal(isKept ? 1 : 2, second.Value!.Value.GetInt32());
        Assert.Equal(isKept, second.Cache is not null);
    }

    [Fact]
    public async Task Run_HostsSettings_GoBeforeWhatTheToolSays()
    {
        options.Traits["count"] = new ToolTraitOptions { CacheFor = TimeSpan.Zero };
        var tool = Counter().With(ToolEffect.ReadOnly, cacheFor: TimeSpan.FromMinutes(1));
        await CallAsync(tool);
        await CallAsync(tool);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Run_TheToolsTime_IsTheLimitAndTheDefault()
    {
        await CallAsync(Counter().With(ToolEffect.ReadOnly, cacheFor: TimeSpan.FromDays(2)));
        Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromDays(2)), (cache.Requests[0].Settings.Ttl, cache.Limits[0]));
        await CallAsync(Counter().With(ToolEffect.ReadOnly, cacheFor: TimeSpan.FromDays(2)), settings: new() { Mode = CacheMode.Refresh, Ttl = TimeSpan.FromSeconds(9) });
        Assert.Equal((TimeSpan.FromSeconds(9), TimeSpan.FromDays(2)), (cache.Requests[1].Settings.Ttl, cache.Limits[1]));
    }

    [Fact]
    public async Task Run_ArgumentsInAnotherOrder_AreTheSameCall()
    {
        await CallAsync(Counter().With(ToolEffect.ReadOnly), """{"a":1,"b":{"c":[1,2],"d":"x"}}""");
        await CallAsync(Counter().With(ToolEffect.ReadOnly), """{ "b" : {"d":"x","c":[1, 2]}, "a" : 1 }""");
        Assert.Equal(1, runs);
        await CallAsync(Counter().With(ToolEffect.ReadOnly), """{"a":1,"b":{"c":[2,1],"d":"x"}}""");
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Run_AnotherVersionSchemaOrTenant_IsAnotherCall()
    {
        await CallAsync(Counter().With(ToolEffect.ReadOnly));
        await CallAsync(Counter().With(ToolEffect.ReadOnly, version: "2"));
        await CallAsync(AIFunctionFactory.Create((int? a = null) => ++runs, "count").With(ToolEffect.ReadOnly));
        await CallAsync(Counter().With(ToolEffect.ReadOnly), run: "globex~run");
        Assert.Equal(4, runs);
    }

    [Fact]
    public async Task Run_AnotherRunKeyOrSize_IsTheSameCall()
    {
        var tool = Text(100);
        var first = await CallAsync(tool);
        var second = await CallAsync(tool, run: "acme~other", key: "k", inlineBytes: 10);
        Assert.Equal(1, runs);
        Assert.Null(second.Value);
        Assert.Equal(first.Value!.Value.GetRawText(), JsonElement.Parse((await store.GetAsync(second.Ref!, CancellationToken.None)).ToArray()).GetRawText());
        Assert.NotNull(second.Cache);
    }

    [Fact]
    public async Task Run_ALargeAnswer_IsKeptByItsAddress()
    {
        var first = await CallAsync(Text(100_000));
        var second = await CallAsync(Text(100_000));
        Assert.Equal((1, first.Ref), (runs, second.Ref));
        Assert.NotNull(second.Cache);
    }

    [Fact]
    public async Task Run_ALargeAnswerThatIsGone_IsMadeAnewAndKept()
    {
        await CallAsync(Text(100_000));
        store = new MemoryContentStore();
        var second = await CallAsync(Text(100_000));
        Assert.Equal(2, runs);
        Assert.Null(second.Cache);
        Assert.True(await store.ExistsAsync(second.Ref!, CancellationToken.None));
        Assert.NotNull((await CallAsync(Text(100_000))).Cache);
    }

    [Fact]
    public async Task Run_OnlyTheCache_NeverCallsTheTool()
    {
        var only = new CacheSettings { Mode = CacheMode.Only };
        await Assert.ThrowsAsync<CacheMissException>(() => CallAsync(Counter().With(ToolEffect.ReadOnly), settings: only));
        Assert.Contains("its answers are not kept", (await Assert.ThrowsAsync<CacheMissException>(() => CallAsync(Counter(), settings: only))).Message, StringComparison.Ordinal);
        Assert.Equal(0, runs);
        await CallAsync(Text(100_000));
        store = new MemoryContentStore();
        await Assert.ThrowsAsync<CacheMissException>(() => CallAsync(Text(100_000), settings: only));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Run_NoCacheInTheHost_CallsEachTime()
    {
        var tool = Counter().With(ToolEffect.ReadOnly);
        foreach (var expected in new[] { 1, 2 })
        {
            var reply = await new CallToolActivity(new ToolRegistry([tool]), store).RunAsync(Context("run"), new ToolCall { Tool = "count" }, CancellationToken.None);
            Assert.Equal((expected, null), (reply.Value!.Value.GetInt32(), reply.Cache));
        }
    }

    [Fact]
    public async Task Run_ACostlyTool_CostsOnce()
    {
        var tool = new Costly(cacheFor: null);
        Assert.Equal(new Cost(0, 0, 2m), (await CallAsync(tool)).Cost);
        var second = await CallAsync(tool);
        Assert.Equal((Cost.None, new Cost(0, 0, 2m)), (second.Cost!, second.Cache!.Saved!));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0)]
    [InlineData(30, 1)]
    public async Task Run_AResultThatSaysHowLong_IsKeptNoLonger(double seconds, int expected)
    {
        await CallAsync(new Costly(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(expected, cache.Limits.Count);
        if (expected > 0) Assert.Equal(TimeSpan.FromSeconds(30), cache.Limits[0]);
    }

    [Fact]
    public async Task Run_AToolThatSaysHowLongByItsArguments_IsKeptForTheShortest()
    {
        var tool = AIFunctionFactory.Create(
            (AIFunctionArguments arguments) =>
            {
                arguments.LimitCaching(TimeSpan.FromSeconds(20));
                arguments.LimitCaching(TimeSpan.FromSeconds(40));
                return 1;
            },
            "limited").With(ToolEffect.ReadOnly);
        await CallAsync(tool);
        Assert.Equal(TimeSpan.FromSeconds(20), cache.Limits[0]);
    }

    [Fact]
    public async Task Run_AFailure_IsNotKept()
    {
        var tool = AIFunctionFactory.Create(() => ++runs == 1 ? throw new IOException("The line broke.") : runs, "flaky").With(ToolEffect.ReadOnly);
        await Assert.ThrowsAsync<IOException>(() => CallAsync(tool));
        Assert.Equal(2, (await CallAsync(tool)).Value!.Value.GetInt32());
    }

    [Fact]
    public async Task Run_BuiltInToolsThatCostNothing_AreNotCached()
    {
        await CallAsync(new EchoTool(), """{"value":1}""");
        await CallAsync(new CalculateTool(), """{"expression":"1+1"}""");
        await CallAsync(new DelayTool(TimeProvider.System), """{"milliseconds":0,"value":1}""");
        Assert.Empty(cache.Requests);
    }

    [Theory]
    [InlineData("00:00:00.500", null, "Tools:Traits:x:CacheFor is 00:00:00.5000000.")]
    [InlineData("366.00:00:00", null, "Tools:Traits:x:CacheFor is 366.00:00:00.")]
    [InlineData("00:01:00", ToolEffect.Unsafe, "Tools:Traits:x:CacheFor is 00:01:00 and its Effect Unsafe")]
    public void Validate_CacheForThatCantBe_IsRefused(string time, ToolEffect? effect, string message)
    {
        options.Traits["x"] = new ToolTraitOptions { CacheFor = TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture), Effect = effect };
        Assert.StartsWith(message, Assert.Single(new ToolOptionsValidation().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CacheForAsText_IsRead()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), ToolTraits.Of(new Traits("00:10:00")).CacheFor);
        Assert.Contains("'soon'", Assert.Throws<ArgumentException>(() => ToolTraits.Of(new Traits("soon"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Counter().With(ToolEffect.ReadOnly, cacheFor: TimeSpan.FromMilliseconds(1)));
    }

    private static ActivityContext Context(string run) => new(run, "CallTool", 1);

    private AIFunction Counter() => AIFunctionFactory.Create(() => ++runs, new AIFunctionFactoryOptions { Name = "count" });

    private AIFunction Text(int length) => AIFunctionFactory.Create(
        () =>
        {
            runs++;
            return new string('x', length);
        },
        "text").With(ToolEffect.ReadOnly);

    private Task<ToolReply> CallAsync(AIFunction tool, string arguments = "{}", string run = "acme~run", string? key = null, int? inlineBytes = null, CacheSettings? settings = null) =>
        new CallToolActivity(new ToolRegistry([tool], Options.Create(options)), store, new ManualTime(), cache: cache)
            .RunAsync(Context(run), new ToolCall { Tool = tool.Name, Arguments = JsonElement.Parse(arguments), IdempotencyKey = key, InlineBytes = inlineBytes, Cache = settings }, CancellationToken.None);

    private sealed class Traits(string cacheFor) : AIFunction
    {
        public override string Name => "traits";

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => new Dictionary<string, object?>(StringComparer.Ordinal) { [ToolTraits.CacheForProperty] = cacheFor };

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new((object?)null);
    }

    private sealed class Costly(TimeSpan? cacheFor) : AIFunction
    {
        public override string Name => "costly";

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => new Dictionary<string, object?>(StringComparer.Ordinal) { [ToolTraits.EffectProperty] = ToolEffect.ReadOnly };

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new(new Result("x", new Cost(0, 0, 2m), cacheFor));
    }

    private sealed record Result(string Text, Cost? Cost, TimeSpan? CacheFor) : ICosted, ICacheable;
}
