using System.Text.Json;
using AgentFunctions.Benchmarks.Patterns;
using AgentFunctions.Core;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Core.Tools;
using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Benchmarks.TrafficControl;

/// <summary>
/// The embedded host over HTTP, journal on disk, with four simulated deployments of three models. Real times: fast 350 ms to the first token and 4 ms a token, 600 calls a minute
/// at each deployment; balanced 700, 7 and 300; capable 1,200, 10 and 120.
/// </summary>
internal sealed class TrafficHost(ILocalHost host, IReadOnlyList<SimulatedProvider> providers, HttpClient http) : IAsyncDisposable
{
    public const int Deployments = 4;
    private const int AnswerTokens = 80;

    private static readonly (string Name, double First, double Token, int PerMinute, ModelPrice Price)[] models =
    [
        (ModelTiers.Fast, 350, 4, 600, new(0.10m, 0.40m)),
        (ModelTiers.Balanced, 700, 7, 300, new(0.40m, 1.60m)),
        (ModelTiers.Capable, 1200, 10, 120, new(2.00m, 8.00m)),
    ];

    public HttpClient Http => http;

    public long Answered => providers.Sum(provider => provider.Stats.Answered);

    public long Throttled => providers.Sum(provider => provider.Stats.ThrottledByRequests);

    public static async Task<TrafficHost> StartAsync(string folder, TrafficPlan plan, Pace pace)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var providers = new List<SimulatedProvider>();
        for (var i = 0; i < Deployments; i++) providers.Add(await SimulatedProvider.StartAsync(Provider(pace, i)));
        var options = new ModelOptions
        {
            Endpoint = providers[0].Endpoint,
            Key = "any",
            MoreEndpoints = [.. providers.Skip(1).Select(provider => new ModelEndpoint(provider.Endpoint, "any"))],
            Fast = Choice(0),
            Balanced = Choice(1),
            Capable = Choice(2),
        };
        var factory = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services.AddModels(options).AddTool(new LookUp(pace)));
        var host = await factory.StartAsync(new LocalHostOptions { DataDirectory = folder, Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Error }, CancellationToken.None);
        return new TrafficHost(host, providers, new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromMinutes(5) });

        ModelChoice Choice(int model) => new($"simulated-{models[model].Name}", models[model].Price)
        {
            Limits = plan.Limits ? new RateLimits { RequestsPerMinute = models[model].PerMinute * pace.Scale } : null,
        };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
        foreach (var provider in providers) await provider.DisposeAsync();
    }

    /// <summary>An agent's model: it looks something up, then answers.</summary>
    private static ProviderSimulatorOptions Provider(Pace pace, int number) => new()
    {
        Port = 0,
        Seed = number + 1,
        Latency = LatencyShape.Lognormal,
        BurstSeconds = 10,
        Script = new ProviderScript([new ScriptedTurn("Let me see.", [new ScriptedCall("look-up", JsonElement.Parse("{}"))]), new ScriptedTurn(Pace.Words(AnswerTokens, "Here is how. "))]),
        Models = models.ToDictionary(model => $"simulated-{model.Name}", model => new SimulatedModel
        {
            BaseMilliseconds = model.First / pace.Scale,
            MillisecondsPerToken = model.Token / pace.Scale,
            RequestsPerMinute = (int)(model.PerMinute * pace.Scale),
        }),
    };

    private sealed class LookUp(Pace pace) : Tool("look-up", "Looks the bank's rules up.", """{"type":"object"}""", ToolEffect.ReadOnly)
    {
        protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
        {
            await Task.Delay(pace.Time(150), cancellationToken);
            return JsonElement.Parse("\"The rules say how.\"");
        }
    }
}
