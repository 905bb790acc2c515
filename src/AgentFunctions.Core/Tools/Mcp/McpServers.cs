using AgentFunctions.Core.Durable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>The configured MCP servers, connected in the background from the host's start to its end. A server that is down does not stop the host.</summary>
public sealed class McpServers : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<McpConnection> connections;
    private readonly Lock gate = new();
    private Task running = Task.CompletedTask;
    private bool started;
    private int disposed;

    /// <summary>Makes them; nothing is connected yet.</summary>
    /// <param name="options">The servers.</param>
    /// <param name="tools">Where their tools go.</param>
    /// <param name="content">Where the bytes of images and such go.</param>
    /// <param name="time">The clock of timeouts and waits.</param>
    /// <param name="logs">Makes loggers.</param>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public McpServers(IOptions<McpOptions> options, ToolRegistry tools, IContentStore content, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = new McpHost(tools, content, time, logs);
        connections = [.. options.Value.Servers.Select(server => new McpConnection(server.Key, server.Value, options.Value, () => McpTransports.Create(server.Key, server.Value, logs), host))];
        foreach (var connection in connections) connection.Register();
    }

    /// <summary>Begins to connect, once; does not wait. A host that starts no hosted services calls this itself.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (started || stop.IsCancellationRequested) return;
            started = true;
            running = Task.WhenAll(connections.Select(connection => Task.Run(() => connection.RunAsync(stop.Token))));
        }
    }

    /// <summary>Begins to connect.</summary>
    /// <param name="cancellationToken">Not looked at: it does not wait.</param>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Start();
        return Task.CompletedTask;
    }

    /// <summary>Ends the connections and the programs behind them; one that does not end by itself within its ShutdownTimeout is killed.</summary>
    /// <param name="cancellationToken">Stops the wait, not the end.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await running.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the connections and the programs behind them. A container that knows it by two names calls it twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await StopAsync(CancellationToken.None);
        stop.Dispose();
    }
}
