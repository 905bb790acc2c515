using System.Net;
using System.Text;
using AgentFunctions.Api.Admission;
using AgentFunctions.Benchmarks.Patterns;
using AgentFunctions.Core;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Benchmarks.Peak;

/// <summary>The embedded host as people run it, over a simulated provider that refuses what is above its limit.</summary>
internal sealed class PeakHost(SimulatedProvider provider, ILocalHost host) : IAsyncDisposable
{
    public ILocalHost Host => host;

    public SimulatedProvider Provider => provider;

    /// <summary>Starts both.</summary>
    /// <param name="folder">Where the host keeps its data; emptied first.</param>
    /// <param name="way">What of the traffic control is on.</param>
    public static async Task<PeakHost> StartAsync(string folder, PeakWay way)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions
        {
            Port = 0,
            Latency = LatencyShape.Lognormal,
            BaseMilliseconds = 600,
            MillisecondsPerToken = 4,
            RequestsPerMinute = PeakTraffic.CallsPerMinute,
            Script = new ProviderScript([new ScriptedTurn(Pace.Words(50, "Here is how. "))]),
        });
        await SpendBurstAsync(provider);
        var model = new ModelChoice("simulated", ModelPrice.Free) { Limits = way.Limits ? new RateLimits { RequestsPerMinute = PeakTraffic.CallsPerMinute } : null };
        var factory = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services
            .AddModels(new ModelOptions { Endpoint = provider.Endpoint, Key = "any", Fast = model, Balanced = model, Capable = model })
            .Configure<AdmissionOptions>(options => options.Enabled = way.Admission));
        return new PeakHost(provider, await factory.StartAsync(new LocalHostOptions { DataDirectory = folder, Urls = "http://127.0.0.1:0", MinimumLogLevel = LogLevel.Error }, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await provider.DisposeAsync();
    }

    /// <summary>A provider that was idle would serve a minute's calls at once; ten seconds' worth are left, as real ones and the limiter have it.</summary>
    private static async Task SpendBurstAsync(SimulatedProvider provider)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        var address = new Uri($"{provider.Endpoint.AbsoluteUri.TrimEnd('/')}/chat/completions");
        await Parallel.ForAsync(0, PeakTraffic.CallsPerMinute * 50 / 60, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (_, stop) =>
        {
            using var body = new StringContent("""{"model":"simulated","max_tokens":1,"messages":[{"role":"user","content":"Hello."}]}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(address, body, stop);
            if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"The provider answered {answer.StatusCode} before the peak began.");
        });
    }
}

/// <summary>What of the traffic control is on.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Limits">Whether calls keep to the provider's limits.</param>
/// <param name="Lanes">Whether the host is told who waits for a run, and for how long.</param>
/// <param name="Admission">Whether starts may be refused.</param>
internal sealed record PeakWay(string Name, bool Limits, bool Lanes, bool Admission);
