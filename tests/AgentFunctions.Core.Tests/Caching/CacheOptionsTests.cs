using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Caching;

public sealed class CacheOptionsTests
{
    public static TheoryData<string, Action<CacheOptions>> Wrong => new()
    {
        { "Cache:MemoryBytes is 1048575. Set it from 1048576 to 68719476736 bytes.", options => options.MemoryBytes = (1 << 20) - 1 },
        { "Cache:MemoryBytes", options => options.MemoryBytes = (64L << 30) + 1 },
        { "Cache:MostValueBytes is 0.", options => options.MostValueBytes = 0 },
        { "Cache:InvalidationLease is 00:00:00.0990000. Set it from 00:00:00.1000000 to 00:01:00.", options => options.InvalidationLease = TimeSpan.FromMilliseconds(99) },
        { "Cache:InvalidationLease", options => options.InvalidationLease = TimeSpan.FromSeconds(61) },
        { "Cache:StoreTimeout", options => options.StoreTimeout = TimeSpan.Zero },
        { "Cache:Response:Ttl is 00:00:00. Set it from 00:00:01 to 365.00:00:00.", options => options.Response.Ttl = TimeSpan.Zero },
        { "Cache:Embedding:Ttl", options => options.Embedding.Ttl = TimeSpan.FromDays(366) },
        { "Cache:Tool:StaleFor", options => options.Tool.StaleFor = -TimeSpan.FromSeconds(1) },
        { "Cache:Reasoning:NegativeFor", options => options.Reasoning.NegativeFor = TimeSpan.FromHours(2) },
        { "Cache:Semantic:LongestQuestion is 0. It must be 1 to 10,000.", options => options.Semantic.LongestQuestion = 0 },
        { "Cache:Semantic is empty", options => options.Semantic = null! },
        { "Cache:Tool is empty", options => options.Tool = null! },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_SettingOutOfRange_IsRefusedWithNameValueAndRange(string expected, Action<CacheOptions> change)
    {
        var options = new CacheOptions();
        change(options);
        var refusal = Assert.Throws<OptionsValidationException>(() => Host(change).GetRequiredService<ICallCache>());

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Single(refusal.Failures);
        Assert.True(new CacheOptionsValidation().Validate(null, new CacheOptions()).Succeeded);
    }

    [Fact]
    public void AddCaching_NoStoreOfTheHosts_OneCacheOverMemory()
    {
        var host = Host();

        Assert.Same(host.GetRequiredService<ICallCache>(), host.GetRequiredService<ICacheControl>());
        Assert.IsType<LayeredCache>(host.GetRequiredService<ICallCache>());
        Assert.IsType<MemoryKeyValueStore>(host.GetRequiredService<IKeyValueStore>());
    }

    [Fact]
    public async Task AddCaching_NotEnabled_KeepsNothing()
    {
        var cache = Host(options => options.Enabled = false).GetRequiredService<ICallCache>();

        Assert.Equal(("one", null), (await cache.Ask("one") is var one ? (one.Value, one.Note) : default));
        Assert.Equal("two", (await cache.Ask("two")).Value);
        Assert.Null(await cache.Kept());
        Assert.Equal([null], await cache.FindManyAsync([CacheWorld.Request()], CacheWorld.Json, default));
        await cache.KeepManyAsync([(CacheWorld.Request(), new CacheFill<string>("x"))], CacheWorld.Json, await cache.BeginAsync([], default), default);
        Assert.Null(await cache.Kept());
        var control = Assert.IsAssignableFrom<ICacheControl>(cache);
        await control.InvalidateAsync(new(), default);
        Assert.Equal(0, control.Report().Entries);
    }

    private static ServiceProvider Host(Action<CacheOptions>? configure = null) =>
        new ServiceCollection().AddSingleton(typeof(ILogger<>), typeof(Microsoft.Extensions.Logging.Abstractions.NullLogger<>)).AddCaching(configure).BuildServiceProvider();
}
