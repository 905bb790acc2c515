using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Tests.Engine;

/// <summary>The extension's HTTP management API on a port of this machine, answering as a test says.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    public const string Key = "a key/with+signs==";
    private readonly WebApplication app;

    private FunctionsHost(WebApplication app) => this.app = app;

    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("""{"historyEvents":null}""");

    public List<(string Path, string Query, string? Key)> Requests { get; } = [];

    public string BaseUrl => $"{app.Urls.Single()}/runtime/webhooks/durabletask";

    public static async Task<FunctionsHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new FunctionsHost(builder.Build());
        host.app.Run(context =>
        {
            host.Requests.Add((context.Request.Path, context.Request.QueryString.Value ?? "", context.Request.Headers["x-functions-key"]));
            return host.Answer(context);
        });
        await host.app.StartAsync();
        return host;
    }

    /// <summary>The client that the worker's converter binds to functions: its class is not public.</summary>
    public static DurableTaskClient Bound(DurableTaskClient inner, string? baseUrl) => (DurableTaskClient)Activator.CreateInstance(
        typeof(DurableClientAttribute).Assembly.GetType("Microsoft.Azure.Functions.Worker.FunctionsDurableTaskClient", throwOnError: true)!,
        BindingFlags.Public | BindingFlags.Instance, null, [inner, $"code={Uri.EscapeDataString(Key)}", baseUrl], null)!;

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
