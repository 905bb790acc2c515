using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Resilience;

/// <summary>The embedded host, over HTTP, with a provider that breaks and is mended.</summary>
public sealed class BrokenHostTests
{
    private const string Input = """{"documents":[{"id":"a","text":"Canals carry boats. Locks lift them."}],"task":"Summarise."}""";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Run_ProviderBreaksAndIsMended_TheRunWaitsForItAndCompletes()
    {
        using var patience = new CancellationTokenSource(Patience);
        Uri endpoint;
        string running;
        await using var broken = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = 0, FaultRate = 1 });
        endpoint = broken.Endpoint;
        var model = new ModelChoice("m", ModelPrice.Free);
        await using var host = await StartAsync(services => services
            .Configure<ResilienceOptions>(options =>
            {
                options.Models.ConsecutiveFailures = 3;
                options.Models.BreakDuration = options.Models.LongestBreak = TimeSpan.FromSeconds(4);
                options.ShareEvery = TimeSpan.FromMilliseconds(100);
            })
            .AddModels(new ModelOptions { Endpoint = endpoint, Key = "any", Fast = model, Balanced = model, Capable = model }));
        using var http = new HttpClient { BaseAddress = host.Address };

        running = (await host.Client.StartAsync("MapReduce", JsonElement.Parse(Input), new StartOptions())).InstanceId;
        var open = await CircuitAsync(http, circuit => circuit.GetProperty("state").GetString() == "Open", patience.Token);
        await broken.DisposeAsync();
        await using var mended = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions { Port = endpoint.Port, BaseMilliseconds = 1, MillisecondsPerToken = 0 });
        var run = await host.Client.WaitForCompletionAsync(running, patience.Token);
        var closed = await CircuitAsync(http, circuit => circuit.GetProperty("state").GetString() == "Closed", patience.Token);

        Assert.Equal($"m@{endpoint.Authority}", open.GetProperty("target").GetString());
        Assert.Equal(("Deployment", true, "ModelUnavailableException", 3), (open.GetProperty("kind").GetString(), open.GetProperty("shared").GetBoolean(), open.GetProperty("lastFailure").GetString(), open.GetProperty("failures").GetInt32()));
        Assert.Equal(RuntimeStatus.Completed, run.RuntimeStatus);
        Assert.False(closed.TryGetProperty("since", out _));
        Assert.InRange(closed.GetProperty("opened").GetInt32(), 1, 3);
    }

    [Fact]
    public async Task Circuits_NothingCalled_IsEmptyAndTakesNoQuery()
    {
        await using var host = await StartAsync(_ => { });
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Empty(JsonElement.Parse(await http.GetStringAsync("/api/circuits")).GetProperty("circuits").EnumerateArray());
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.GetAsync(new Uri("/api/circuits?all=1", UriKind.Relative))).StatusCode);
    }

    private static async Task<JsonElement> CircuitAsync(HttpClient http, Predicate<JsonElement> awaited, CancellationToken cancellationToken)
    {
        while (true)
        {
            var circuits = JsonElement.Parse(await http.GetStringAsync(new Uri("/api/circuits", UriKind.Relative), cancellationToken)).GetProperty("circuits").EnumerateArray().ToList();
            if (circuits.Find(circuit => circuit.GetProperty("opened").GetInt32() > 0 && awaited(circuit)) is { ValueKind: JsonValueKind.Object } found) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private static Task<ILocalHost> StartAsync(Action<IServiceCollection> configure) =>
        new LocalHostFactory(AgentFunctionsCatalog.Create(), configure).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Error }, CancellationToken.None);
}
