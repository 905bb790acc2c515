using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.Balancing;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.Local.Tests.Balancing;

/// <summary>The embedded host with four deployments, each a provider over HTTP.</summary>
public sealed class BalancedHostTests : IAsyncLifetime
{
    private readonly List<SimulatedProvider> providers = [];
    private IServiceProvider? services;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var provider in providers) await provider.DisposeAsync();
    }

    [Fact]
    public async Task Run_OneOfFourIsSlow_ItGetsLeastAndApiPoolsTellsWhy()
    {
        var options = await StartAsync(Quick, Quick, Quick with { BaseMilliseconds = 2000 }, Quick);
        await using var host = await HostAsync(options);
        var documents = string.Join(',', Enumerable.Range(0, 24).Select(i => $$"""{"id":"d{{i}}","text":"Canals carry boats. Locks lift them. This is the document of number {{i}}."}"""));
        for (var i = 0; i < 4; i++)
        {
            var input = JsonElement.Parse($$"""{"documents":[{{documents}}],"task":"Summarise for reader {{i}}."}""");
            var run = await host.Client.WaitForCompletionAsync((await host.Client.StartAsync("MapReduce", input, new StartOptions())).InstanceId);
            Assert.Equal(RuntimeStatus.Completed, run.RuntimeStatus);
        }

        var report = await PoolsAsync(host);
        var deployments = Deployments(report);
        Assert.Equal("Adaptive", report.GetProperty("strategy").GetString());
        Assert.Equal(providers.Select(provider => $"m@{provider.Endpoint.Authority}"), deployments.Select(one => one.GetProperty("deployment").GetString()));
        Assert.Equal(providers.Sum(provider => provider.Stats.Requests), deployments.Sum(one => one.GetProperty("calls").GetInt64()));
        Assert.Equal(deployments.Min(one => one.GetProperty("calls").GetInt64()), deployments[2].GetProperty("calls").GetInt64());
        Assert.InRange(deployments[2].GetProperty("calls").GetInt64(), 0, deployments.Sum(one => one.GetProperty("calls").GetInt64()) / 6);
        Assert.All(deployments, one => Assert.Equal((0L, 0L), (one.GetProperty("failures").GetInt64(), one.GetProperty("refusals").GetInt64())));
        Assert.DoesNotContain("secret", report.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_OneOfFourRefuses_EveryCallIsAnsweredAndStreamsAsWell()
    {
        var options = await StartAsync(Quick, Quick with { RequestsPerMinute = 1 }, Quick, Quick);

        // In turn, so that the one that refuses is asked however slow its first answer was.
        await using var host = await HostAsync(options, collection => collection.Configure<BalancingOptions>(balancing => balancing.Strategy = BalancingStrategy.RoundRobin));
        var model = services!.GetRequiredService<IModelCatalog>().Resolve("fast").Client;
        for (var i = 0; i < 20; i++) Assert.NotEmpty((await model.GetResponseAsync($"What is {i}?")).Text);
        for (var i = 0; i < 20; i++) Assert.NotEmpty((await model.GetStreamingResponseAsync($"Why is {i}?").ToListAsync()).ToChatResponse().Text);

        var refusing = Deployments(await PoolsAsync(host))[1];
        Assert.Equal((1L, 1L, false, "Refusal"), (refusing.GetProperty("answered").GetInt64(), refusing.GetProperty("refusals").GetInt64(), refusing.GetProperty("healthy").GetBoolean(), refusing.GetProperty("leftFor").GetString()));
        Assert.True(refusing.TryGetProperty("leftUntil", out _));
        Assert.Equal(1, providers[1].Stats.ThrottledByRequests);
    }

    [Fact]
    public async Task Embed_FourDeployments_AllAreUsed()
    {
        var options = await StartAsync(Quick, Quick, Quick, Quick);
        await using var host = await HostAsync(options, collection => collection.Configure<BalancingOptions>(balancing => balancing.Strategy = BalancingStrategy.RoundRobin));
        var model = services!.GetRequiredService<IEmbeddingCatalog>().Resolve("embedding").Generator;
        for (var i = 0; i < 8; i++) await model.GenerateAsync([$"text {i}"]);
        Assert.All(providers, provider => Assert.Equal(2, provider.Stats.Answered));
        Assert.All(Deployments(await PoolsAsync(host), "vectors"), one => Assert.Equal(2, one.GetProperty("answered").GetInt64()));
    }

    [Fact]
    public void AddAgentFunctions_SectionBalancing_IsRead()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Balancing:Strategy"] = "LeastInFlight", ["Balancing:Decay"] = "00:00:04" }).Build();
        using var host = new ServiceCollection().AddAgentFunctions(configuration, new ModelOptions()).BuildServiceProvider();
        var options = host.GetRequiredService<IOptions<BalancingOptions>>().Value;
        Assert.Equal((BalancingStrategy.LeastInFlight, TimeSpan.FromSeconds(4)), (options.Strategy, options.Decay));
    }

    [Fact]
    public async Task Start_WrongSetting_StopsTheHostByName()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => HostAsync(new ModelOptions(), collection => collection.Configure<BalancingOptions>(balancing => balancing.SlowFactor = 1)));
        Assert.Contains("Balancing:SlowFactor is 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pools_OfflineModel_AreNoneAndTakeNoQuery()
    {
        await using var host = await HostAsync(new ModelOptions());
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Empty(JsonElement.Parse(await http.GetStringAsync("/api/pools")).GetProperty("pools").EnumerateArray());
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/api/pools?all=1", UriKind.Relative))).StatusCode);
    }

    private static ProviderSimulatorOptions Quick => new() { Port = 0, BaseMilliseconds = 20, MillisecondsPerToken = 0 };

    private static List<JsonElement> Deployments(JsonElement report, string model = "m") =>
        [.. report.GetProperty("pools").EnumerateArray().Single(pool => pool.GetProperty("model").GetString() == model).GetProperty("deployments").EnumerateArray()];

    private static async Task<JsonElement> PoolsAsync(ILocalHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        return JsonElement.Parse(await http.GetStringAsync("/api/pools"));
    }

    private Task<ILocalHost> HostAsync(ModelOptions options, Action<IServiceCollection>? configure = null) =>
        new LocalHostFactory(
            AgentFunctionsCatalog.Create(),
            collection =>
            {
                collection.AddModels(options).AddSingleton(host =>
                {
                    services = host;
                    return Mock.Of<IHostedService>();
                });
                configure?.Invoke(collection);
            }).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);

    private async Task<ModelOptions> StartAsync(params IReadOnlyList<ProviderSimulatorOptions> settings)
    {
        foreach (var setting in settings) providers.Add(await SimulatedProvider.StartAsync(setting));
        var model = new ModelChoice("m", ModelPrice.Free);
        return new ModelOptions
        {
            Endpoint = providers[0].Endpoint,
            Key = "secret",
            MoreEndpoints = [.. providers.Skip(1).Select(provider => new ModelEndpoint(provider.Endpoint, "secret"))],
            Fast = model,
            Balanced = model,
            Capable = model,
            Embedding = new ModelChoice("vectors", ModelPrice.Free),
        };
    }
}
