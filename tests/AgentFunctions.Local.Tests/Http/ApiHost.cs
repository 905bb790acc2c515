using System.Net;
using System.Text;
using System.Text.Json;
using AgentFunctions.Api;
using AgentFunctions.Api.Admission;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>The contract over a fake engine, on a server in memory.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private ApiHost(WebApplication app, FakeRuns runs, ManualTime time, HostState state, LogLines log)
    {
        this.app = app;
        Runs = runs;
        Time = time;
        State = state;
        Log = log;
        Client = app.Services.GetRequiredService<IServer>() is TestServer server ? server.CreateClient() : new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeRuns Runs { get; }

    public ManualTime Time { get; }

    public HostState State { get; }

    public LogLines Log { get; }

    public HttpClient Client { get; }

    /// <summary>Starts it in memory or, where asked for, on a real socket.</summary>
    public static async Task<ApiHost> StartAsync(Action<ApiOptions>? configure = null, bool kestrel = false, IRunOutputStore? output = null, TimeProvider? clock = null, ICacheControl? cache = null, ILoadSource? load = null, Action<AdmissionOptions>? admission = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var (time, state, log) = (new ManualTime(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)), new HostState(), new LogLines());
        var runs = new FakeRuns(clock ?? time);
        _ = kestrel ? builder.WebHost.UseUrls("http://127.0.0.1:0") : builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<IRunClient>(runs).AddSingleton(Samples.Catalog).AddSingleton<IContentStore>(new MemoryContent());
        builder.Services.AddSingleton(clock ?? time).AddSingleton<IHostState>(state).AddAgentFunctionsApi(configure);
        if (output is not null)
        {
            builder.Services.AddSingleton(output);
        }

        if (cache is not null)
        {
            builder.Services.AddSingleton(cache);
        }

        if (load is not null)
        {
            builder.Services.AddSingleton(load);
        }

        if (admission is not null)
        {
            builder.Services.Configure(admission);
        }

        var built = builder.Build();
        built.MapAgentFunctions();
        await built.StartAsync();
        return new ApiHost(built, runs, time, state, log);
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>Sends a request and reads the answer as JSON (undefined where it has no body).</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers: headers);

    public Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers);

    /// <summary>Starts a run and returns its ID.</summary>
    public async Task<string> StartRunAsync() => (await PostAsync("/api/runs/ToolFanOut", Samples.Body)).Text("id");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        State.Dispose();
    }
}

internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? MediaType, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public string Text(string property) => Body.GetProperty(property).GetString()!;

    /// <summary>Asserts that it is a problem of this status and kind, and returns its detail.</summary>
    public string Problem(int status, string kind)
    {
        Assert.Equal(status, (int)Status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, Body.GetProperty("status").GetInt32());
        Assert.Equal($"docs/http-api.md#{kind}", Text("type"));
        return Text("detail");
    }
}

internal sealed class HostState : IHostState, IDisposable
{
    private readonly CancellationTokenSource drain = new();

    public bool Draining => drain.IsCancellationRequested;

    public CancellationToken DrainToken => drain.Token;

    public string? Fault { get; set; }

    public Task DrainAsync() => drain.CancelAsync();

    public void Dispose() => drain.Dispose();
}

internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
