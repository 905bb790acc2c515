using System.Net;
using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local.CommandLine;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Scaling;

/// <summary>GET /api/scale on the embedded host, as KEDA's metrics-api scaler reads it.</summary>
public sealed class ScaleRouteTests
{
    [Fact]
    public async Task Get_NothingRuns_WantsOneAndTakesNoQuery()
    {
        await using var host = await StartAsync(4, _ => { });
        using var http = new HttpClient { BaseAddress = host.Address };

        var scale = JsonElement.Parse(await http.GetStringAsync("/api/scale"));

        Assert.Equal((1, 1, 4, 0), (scale.GetProperty("wanted").GetInt32(), scale.GetProperty("current").GetInt32(), scale.GetProperty("slots").GetInt32(), scale.GetProperty("running").GetInt32()));
        Assert.Equal("0 % of the slots are taken: 1 instance is right.", scale.GetProperty("reason").GetString());
        Assert.Equal((1, 30), (scale.GetProperty("min").GetInt32(), scale.GetProperty("max").GetInt32()));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/api/scale?app=x", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Get_MoreWorkThanSlots_WantsMoreAndSaysWhy()
    {
        var open = new TaskCompletionSource<string>();
        var called = new SemaphoreSlim(0);
        await using var host = await StartAsync(4, services => services.AddTool(AIFunctionFactory.Create(() =>
        {
            called.Release();
            return open.Task;
        }, "hold", "Takes its time.")));
        using var http = new HttpClient { BaseAddress = host.Address };
        var calls = string.Join(',', Enumerable.Range(0, 20).Select(i => $$$"""{"key":"{{{i}}}","tool":"hold","arguments":{}}"""));
        var run = await host.Client.StartAsync("ToolFanOut", JsonElement.Parse($$"""{"calls":[{{calls}}],"maxParallel":20}"""), new StartOptions());
        for (var i = 0; i < 4; i++) Assert.True(await called.WaitAsync(TimeSpan.FromSeconds(60)));

        // The engine answers this once it has handed over all that the turn asked for: the first four may begin before the last is in its lane.
        Assert.NotNull(await host.Client.GetAsync(run.InstanceId));
        var scale = JsonElement.Parse(await http.GetStringAsync("/api/scale"));
        open.SetResult("done");
        await host.Client.WaitForCompletionAsync(run.InstanceId);

        Assert.Equal((4, 16, 5), (scale.GetProperty("running").GetInt32(), scale.GetProperty("waiting").GetInt32(), scale.GetProperty("utilisation").GetDouble()));
        Assert.InRange(scale.GetProperty("wanted").GetInt32(), 2, 5);
        Assert.Contains("instances are needed, as ", scale.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static Task<ILocalHost> StartAsync(int activities, Action<IServiceCollection> configure) =>
        new LocalHostFactory(AgentFunctionsCatalog.Create(), configure).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MaxActivities = activities, MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
}
