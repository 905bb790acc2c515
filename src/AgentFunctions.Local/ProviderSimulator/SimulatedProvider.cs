using System.Net;
using AgentFunctions.Core.Models.Offline;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// An OpenAI-compatible server for load tests: latency, limits with 429 and Retry-After, streaming, faults. It serves chat/completions,
/// embeddings, files, batches and models under /v1, the first two also under Azure OpenAI's /openai/deployments/{deployment}, and its counters at /stats.
/// Its answers are the offline model's, or a script's; where a request has tools it calls some. It takes any key and any model name.
/// </summary>
public sealed class SimulatedProvider : IAsyncDisposable
{
    private const long LargestBody = 20 * 1024 * 1024;

    private readonly WebApplication app;
    private readonly ProviderCounters counters;

    private SimulatedProvider(WebApplication app, ProviderCounters counters, Uri address)
    {
        this.app = app;
        this.counters = counters;
        Address = address;
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:7079</c>.</summary>
    public Uri Address { get; }

    /// <summary>What an OpenAI client is to be given as endpoint: the address with /v1.</summary>
    public Uri Endpoint => new(Address, "/v1");

    /// <summary>What it has done so far.</summary>
    public ProviderStats Stats => counters.Read();

    /// <summary>Builds the server without starting it; <c>RunAsync</c> on the result serves until the process is told to stop.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">The clock of its limits and delays. Default: the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public static WebApplication Build(ProviderSimulatorOptions options, TimeProvider? time = null) => Build(options, time ?? TimeProvider.System, new ProviderCounters());

    /// <summary>Starts a server within this process.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">The clock of its limits and delays. Default: the system's.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatedProvider> StartAsync(ProviderSimulatorOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var counted = new ProviderCounters();
        var server = Build(options, time ?? TimeProvider.System, counted);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return new SimulatedProvider(server, counted, new Uri(server.Urls.First()));
    }

    /// <summary>Stops it; requests that hang are dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        // A hung request would hold up a graceful stop.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private static WebApplication Build(ProviderSimulatorOptions options, TimeProvider time, ProviderCounters counted)
    {
        ProviderSimulatorOptionsValidator.ThrowIfInvalid(options);
        // Neither arguments nor the working folder's appsettings.json are this server's business.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "AgentFunctions.Local" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddRoutingCore();
        var server = builder.Build();
        Map(server, options, time, counted);
        return server;
    }

    private static void Map(WebApplication server, ProviderSimulatorOptions options, TimeProvider time, ProviderCounters counted)
    {
        var path = new RequestPath(options, new RateGates(options, time), counted, time);
        var chat = new ChatEndpoint(options, path, new OfflineChatClient(), time);
        var embeddings = new EmbeddingEndpoint(path);
        var batches = new BatchEndpoint(options, path, counted, new OfflineChatClient(), time);
        var started = time.GetUtcNow().ToUnixTimeSeconds();
        server.UseRouting();
        server.MapPost("/v1/chat/completions", (RequestDelegate)(http => chat.HandleAsync(http, deployment: null)));
        server.MapPost("/v1/embeddings", (RequestDelegate)(http => embeddings.HandleAsync(http, deployment: null)));
        server.MapPost("/openai/deployments/{deployment}/chat/completions", (RequestDelegate)(http => chat.HandleAsync(http, Deployment(http))));
        server.MapPost("/openai/deployments/{deployment}/embeddings", (RequestDelegate)(http => embeddings.HandleAsync(http, Deployment(http))));
        server.MapPost("/v1/files", (RequestDelegate)batches.UploadAsync);
        server.MapGet("/v1/files/{id}", (RequestDelegate)(http => batches.GetFileAsync(http, Id(http))));
        server.MapGet("/v1/files/{id}/content", (RequestDelegate)(http => batches.ReadFileAsync(http, Id(http))));
        server.MapDelete("/v1/files/{id}", (RequestDelegate)(http => batches.DeleteFileAsync(http, Id(http))));
        server.MapPost("/v1/batches", (RequestDelegate)batches.CreateAsync);
        server.MapGet("/v1/batches", (RequestDelegate)batches.ListAsync);
        server.MapGet("/v1/batches/{id}", (RequestDelegate)(http => batches.GetAsync(http, Id(http))));
        server.MapPost("/v1/batches/{id}/cancel", (RequestDelegate)(http => batches.CancelAsync(http, Id(http))));
        server.MapGet("/v1/models", (RequestDelegate)(http => ProviderReplies.WriteAsync(http, new ModelList("list", [new ModelEntry(OfflineChatClient.ModelName, "model", started, "agentfunctions")]), ProviderJsonContext.Default.ModelList)));
        server.MapGet("/stats", (RequestDelegate)(http => ProviderReplies.WriteAsync(http, counted.Read(), ProviderJsonContext.Default.ProviderStats)));
        server.MapFallback((RequestDelegate)(http => path.RejectAsync(http, $"Unknown request URL: {http.Request.Method} {http.Request.Path}. There are POST /v1/chat/completions, POST /v1/embeddings, /v1/files, /v1/batches, GET /v1/models and GET /stats.", status: StatusCodes.Status404NotFound)));
    }

    private static string Id(HttpContext http) => (string)http.GetRouteValue("id")!;

    private static string? Deployment(HttpContext http) => http.GetRouteValue("deployment") as string;
}
