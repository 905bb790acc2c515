using System.Text.Json;
using AgentFunctions.Core;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Routing;

/// <summary>Routing on the embedded host over real HTTP: three models at one simulated provider. A million tokens cost 1, 10 and 100 dollars, sent or received.</summary>
public sealed class RoutedHostTests
{
    private const string Question = """{"nodes":[{"key":"ask","model":{"name":"auto","instructions":"Answer.","prompt":"When does the shop open?"}}]}""";
    private const string Checked = """{"nodes":[{"key":"ask","model":{"name":"auto","purpose":"Classify","instructions":"Say which.","prompt":"It broke.","accept":{"labels":["bug","wish"]}}}]}""";

    [Theory]
    [InlineData(Trouble.Throttled, "ThrottledException")]
    [InlineData(Trouble.Failing, "ModelUnavailableException")]
    [InlineData(Trouble.Hanging, "TimeoutException")]
    public async Task Run_FastTierIsAway_IsAnsweredByTheNextAndSaysSo(Trouble trouble, string error)
    {
        await using var provider = await ProviderAsync((model, _) => $"{model} says at nine", ("small", Of(trouble)));
        await using var host = await StartAsync(provider);

        var (run, timeline) = await RunAsync(host, Question);

        Assert.Equal("middle says at nine", run.Output!.Value.GetProperty("state").GetProperty("ask").GetString());
        Assert.StartsWith("answered by 'balanced' (middle), as 'fast' (small) failed with " + error, run.Output.Value.GetProperty("notice").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, provider.Stats.Answered);
        Assert.Equal(Tokens(provider) * 10, Micros(run.Output.Value.GetProperty("cost")), 6);
        Assert.Equal(Micros(run.Output.Value.GetProperty("cost")), Micros(timeline.GetProperty("cost")), 6);
    }

    [Fact]
    public async Task Run_AnswersAreNotAccepted_GoUpAndEveryAnswerIsInTheCost()
    {
        Dictionary<string, string> answers = new(StringComparer.Ordinal) { ["small"] = "unsure", ["middle"] = "Bug." };
        await using var provider = await ProviderAsync((model, _) => answers[model]);
        await using var host = await StartAsync(provider);

        var (run, timeline) = await RunAsync(host, Checked);
        var (again, _) = await RunAsync(host, Checked);

        Assert.Equal("Bug.", run.Output!.Value.GetProperty("state").GetProperty("ask").GetString());
        Assert.Equal(2, provider.Stats.Answered);
        var step = timeline.GetProperty("branches").EnumerateArray().Single(step => step.GetProperty("name").GetString() == "CallModel");
        Assert.Equal(Micros(run.Output.Value.GetProperty("cost")), Micros(step.GetProperty("cost")), 6);
        Assert.Equal(Tokens(provider), step.GetProperty("cost").GetProperty("inputTokens").GetInt64() + step.GetProperty("cost").GetProperty("outputTokens").GetInt64());

        // The rejected answer is kept for the small model: the second run goes up again, and pays nothing.
        Assert.Equal("Bug.", again.Output!.Value.GetProperty("state").GetProperty("ask").GetString());
        Assert.Equal(0, Micros(again.Output.Value.GetProperty("cost")));
    }

    [Fact]
    public async Task Run_NamedTierIsAway_FailsUnlessConfigured()
    {
        const string Named = """{"nodes":[{"key":"ask","maxAttempts":1,"model":{"name":"capable","prompt":"When does the shop open?"}}]}""";
        await using var provider = await ProviderAsync((model, _) => $"{model} says", ("big", Of(Trouble.Failing)));
        await using (var host = await StartAsync(provider))
        {
            var run = await host.Client.WaitForCompletionAsync((await host.Client.StartAsync("TaskGraph", JsonElement.Parse(Named), new StartOptions())).InstanceId);
            Assert.Contains("ModelUnavailableException", run.Output?.GetRawText() + run.Failure?.Type, StringComparison.Ordinal);
            Assert.Equal(0, provider.Stats.Answered);
        }

        await using var configured = await StartAsync(provider, options => options.Chains["capable"] = ["fast"]);
        var (answered, _) = await RunAsync(configured, Named);
        Assert.Equal("small says", answered.Output!.Value.GetProperty("state").GetProperty("ask").GetString());
    }

    /// <summary>What may be wrong with a model.</summary>
    public enum Trouble
    {
        Throttled,
        Failing,
        Hanging,
    }

    private static SimulatedModel Of(Trouble trouble) => trouble switch
    {
        Trouble.Throttled => new() { RefuseFor = TimeSpan.FromSeconds(30) },
        Trouble.Failing => new() { FaultRate = 1 },
        _ => new() { HangRate = 1 },
    };

    private static Task<SimulatedProvider> ProviderAsync(Func<string, string, string?> answer, params (string Name, SimulatedModel Model)[] models) => SimulatedProvider.StartAsync(new ProviderSimulatorOptions
    {
        Port = 0,
        BaseMilliseconds = 1,
        MillisecondsPerToken = 0,
        Answer = answer,
        Models = models.ToDictionary(model => model.Name, model => model.Model, StringComparer.Ordinal),
    });

    private static Task<ILocalHost> StartAsync(SimulatedProvider provider, Action<RoutingOptions>? configure = null)
    {
        var models = new ModelOptions
        {
            Endpoint = provider.Endpoint,
            Key = "any",
            Timeout = TimeSpan.FromSeconds(3),
            Fast = new("small", new ModelPrice(1, 1)),
            Balanced = new("middle", new ModelPrice(10, 10)),
            Capable = new("big", new ModelPrice(100, 100)),
        };
        return new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services.AddModels(models).Configure<RoutingOptions>(options => configure?.Invoke(options))).StartAsync(new LocalHostOptions { Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Warning }, CancellationToken.None);
    }

    private static async Task<(RunState Run, JsonElement Timeline)> RunAsync(ILocalHost host, string graph)
    {
        var run = await host.Client.WaitForCompletionAsync((await host.Client.StartAsync("TaskGraph", JsonElement.Parse(graph), new StartOptions())).InstanceId);
        Assert.True(run.RuntimeStatus == RuntimeStatus.Completed, run.Failure?.Message);
        using var http = new HttpClient { BaseAddress = host.Address };
        return (run, JsonElement.Parse(await http.GetStringAsync($"/api/runs/{run.InstanceId}/timeline")));
    }

    private static long Tokens(SimulatedProvider provider) => provider.Stats.InputTokens + provider.Stats.OutputTokens;

    /// <summary>In millionths of a dollar: what a token of the small model costs is 1.</summary>
    private static double Micros(JsonElement cost) => (double)cost.GetProperty("usd").GetDecimal() * 1_000_000;
}
