using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Limits;

/// <summary>Limits on the embedded host, as its settings switch them on.</summary>
public sealed class LimitedHostTests
{
    private const string Input = """{"documents":[{"id":"a","text":"Canals carry boats. Locks lift them."}],"task":"Summarise."}""";

    [Fact]
    public async Task Run_ModelsWithLimits_AreShownAtApiLimits()
    {
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 1, MillisecondsPerToken = 0, RequestsPerMinute = 600 });
        var model = new ModelChoice("m", ModelPrice.Free) { Limits = new RateLimits { RequestsPerMinute = 600 } };
        await using var host = await StartAsync(services => services.AddModels(new ModelOptions { Endpoint = provider.Endpoint, Key = "any", Fast = model, Balanced = model, Capable = model }));

        var run = await host.Client.WaitForCompletionAsync((await host.Client.StartAsync("MapReduce", JsonElement.Parse(Input), new StartOptions())).InstanceId);
        using var http = new HttpClient { BaseAddress = host.Address };
        var report = JsonElement.Parse(await http.GetStringAsync("/api/limits"));

        Assert.Equal(RuntimeStatus.Completed, run.RuntimeStatus);
        var limits = Assert.Single(report.GetProperty("deployments").EnumerateArray());
        Assert.Equal($"m@{provider.Endpoint.Authority}", limits.GetProperty("deployment").GetString());
        Assert.Equal((600, 0, 1), (limits.GetProperty("requestsPerMinute").GetDouble(), limits.GetProperty("tokensPerMinute").GetDouble(), limits.GetProperty("share").GetDouble()));
        Assert.InRange(limits.GetProperty("granted").GetInt64(), provider.Stats.Answered, 50);
        Assert.Equal((0, 0), (limits.GetProperty("refused").GetInt64(), limits.GetProperty("here").GetProperty("waiting").GetInt32()));
        Assert.False(limits.TryGetProperty("pausedUntil", out _));
    }

    [Fact]
    public async Task Run_NoLimits_ApiLimitsIsEmptyAndTakesNoQuery()
    {
        await using var host = await StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Empty(JsonElement.Parse(await http.GetStringAsync("/api/limits")).GetProperty("deployments").EnumerateArray());
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/api/limits?all=1", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData(RunPriority.Interactive)]
    [InlineData(RunPriority.Background)]
    public async Task Run_OfALane_ItsModelCallsSayWhich(RunPriority lane)
    {
        var model = new ListeningModel();
        await using var host = await StartAsync(services => services.AddSingleton<IModelCatalog>(new ModelCatalog(new ModelOptions { Endpoint = new Uri("http://127.0.0.1:9/v1") }, (_, _) => model)));
        await host.Client.WaitForCompletionAsync((await host.Client.StartAsync("MapReduce", JsonElement.Parse(Input), new StartOptions { Priority = lane })).InstanceId);
        Assert.NotEmpty(model.Lanes);
        Assert.All(model.Lanes, heard => Assert.Equal(lane, heard));
    }

    private static Task<ILocalHost> StartAsync(Action<IServiceCollection> configure) =>
        new LocalHostFactory(AgentFunctionsCatalog.Create(), configure).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);

    private sealed class ListeningModel : IChatClient
    {
        public ConcurrentBag<object?> Lanes { get; } = [];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Lanes.Add(options?.AdditionalProperties?[ModelProperties.Priority]);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Boats.")) { FinishReason = ChatFinishReason.Stop });
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
