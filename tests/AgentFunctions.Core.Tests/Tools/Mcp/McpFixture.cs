using System.Diagnostics;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ActivityContext = AgentFunctions.Core.Durable.ActivityContext;

namespace AgentFunctions.Core.Tests.Tools.Mcp;

/// <summary>A registry, the connections that fill it, and CallTool over it.</summary>
internal sealed class McpFixture(params AIFunction[] own) : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];

    public ToolRegistry Tools { get; } = new(own);

    public MemoryContentStore Store { get; } = new();

    public Core.Caching.ICallCache? Cache { get; init; }

    public McpConnection Connect(string name, Func<IClientTransport> transport, McpServerOptions? options = null)
    {
        var all = new McpOptions { RetryDelay = TimeSpan.FromMilliseconds(20), LongestRetryDelay = TimeSpan.FromMilliseconds(50), Seed = 1 };
        var connection = new McpConnection(name, options ?? new McpServerOptions { ConnectTimeout = TimeSpan.FromSeconds(20) }, all, transport, new McpHost(Tools, Store, TimeProvider.System, NullLoggerFactory.Instance));
        connection.Register();
        running.Add(Task.Run(() => connection.RunAsync(stop.Token)));
        return connection;
    }

    public McpConnection Connect(string name, McpServerOptions options) => Connect(name, () => McpTransports.Create(name, options, NullLoggerFactory.Instance), options);

    public async Task<ToolReply> CallAsync(string tool, string arguments = "{}", string? key = null, CancellationToken cancellationToken = default) =>
        await new CallToolActivity(Tools, Store, cache: Cache).RunAsync(new ActivityContext("run-1", "CallTool", 7), new ToolCall { Tool = tool, Arguments = JsonDocument.Parse(arguments).RootElement, IdempotencyKey = key }, cancellationToken).WaitAsync(patience, CancellationToken.None);

    public Task SettledAsync() => Tools.Settled.WaitAsync(patience);

    /// <summary>Waits for what happens in the background, in another process or another thread, where there is nothing to await.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < patience, $"It did not come about that {what}.");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until a tool answers again.</summary>
    public Task AnswersAsync(string tool, string arguments = "{}") => UntilAsync(
        async () =>
        {
            try
            {
                await CallAsync(tool, arguments);
                return true;
            }
            catch (ToolUnavailableException)
            {
                return false;
            }
        },
        $"'{tool}' answers");

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running).WaitAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }
}
