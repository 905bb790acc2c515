using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Admission;

/// <summary>The embedded host under load, over real HTTP.</summary>
public sealed class LoadedHostTests
{
    private const string Echo = """{"calls":[{"tool":"echo","arguments":{"value":1}}]}""";

    [Fact]
    public async Task Start_HostThatSaysItIsLoaded_ShedsTheLowerLanesAndRunsTheRest()
    {
        var load = new FixedLoad().Wait(workflow: 100);
        await using var host = await StartAsync(services => services.AddSingleton<ILoadSource>(load));
        using var http = new HttpClient { BaseAddress = host.Address };

        using var background = await PostAsync(http, "ToolFanOut?priority=background&wait=30s", Echo);
        Assert.Equal(HttpStatusCode.TooManyRequests, background.StatusCode);
        Assert.InRange(background.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        Assert.Equal("application/problem+json", background.Content.Headers.ContentType!.MediaType);
        using var interactive = await PostAsync(http, "ToolFanOut?priority=interactive&wait=30s&deadline=30s", Echo);
        Assert.Equal("Completed", JsonElement.Parse(await interactive.Content.ReadAsStringAsync()).GetProperty("runtimeStatus").GetString());
        using var health = await http.GetAsync(new Uri("/api/health", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        load.Wait();
        using var later = await PostAsync(http, "ToolFanOut?priority=background", Echo);
        Assert.Equal(HttpStatusCode.Accepted, later.StatusCode);
    }

    [Fact]
    public async Task Start_ModelPausedByItsProvider_IsRefusedByTheLimitersForecast()
    {
        // Its minute's calls are spent, so that it asks for quiet until there are more.
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, BaseMilliseconds = 1, MillisecondsPerToken = 0, RequestsPerMinute = 1 });
        var model = new ModelChoice("m", ModelPrice.Free) { Limits = new RateLimits { RequestsPerMinute = 600 } };
        await using var host = await StartAsync(services => services.AddModels(new ModelOptions { Endpoint = provider.Endpoint, Key = "any", Fast = model, Balanced = model, Capable = model }));
        using var http = new HttpClient { BaseAddress = host.Address };
        using (await PostAsync(http, "MapReduce", Documents("a"))) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/api/health", UriKind.Relative))).StatusCode);

        await PausedAsync(http);
        using var refused = await PostAsync(http, "MapReduce", Documents("b"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("a model call of a new run would wait", JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.FromSeconds(1));
    }

    /// <summary>Ends when the limiter of this host knows that its model is paused.</summary>
    private static async Task PausedAsync(HttpClient http)
    {
        while (true)
        {
            var limits = JsonElement.Parse(await http.GetStringAsync("/api/limits")).GetProperty("deployments");
            if (limits.EnumerateArray().Any(deployment => TimeSpan.Parse(deployment.GetProperty("here").GetProperty("forecastWait").GetString()!, null) > TimeSpan.FromSeconds(15))) return;
            await Task.Delay(20);
        }
    }

    private static string Documents(string id) => $$"""{"documents":[{"id":"{{id}}","text":"Canals carry boats. Locks lift them."},{"id":"{{id}}2","text":"Rivers flow."}],"task":"Summarise."}""";

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri($"/api/runs/{path}", UriKind.Relative), content);
    }

    private static Task<ILocalHost> StartAsync(Action<IServiceCollection> configure) =>
        new LocalHostFactory(AgentFunctionsCatalog.Create(), configure).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
}
