using System.IO.Pipelines;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentFunctions.Core.Tests.Tools.Mcp;

/// <summary>An MCP server in this process, through the same SDK: its tools can be changed, it can be down, and it can die.</summary>
internal sealed class InProcessServer(params McpServerTool[] tools) : IClientTransport, IAsyncDisposable
{
    private Pipe? fromServer;
    private Pipe? toServer;
    private McpServer? running;

    public string Name => "in-process";

    public McpServerPrimitiveCollection<McpServerTool> Tools { get; } = [.. tools];

    public bool IsDown { get; set; }

    public int Connections { get; private set; }

    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        Connections++;
        if (IsDown) throw new IOException("Nobody listens.");
        (fromServer, toServer) = (new Pipe(), new Pipe());
        running = McpServer.Create(new StreamServerTransport(toServer.Reader.AsStream(), fromServer.Writer.AsStream(), Name), new McpServerOptions
        {
            ServerInfo = new Implementation { Name = Name, Version = "1.2.3" },
            ToolCollection = Tools,
        });
        _ = running.RunAsync(CancellationToken.None);
        return new StreamClientTransport(toServer.Writer.AsStream(), fromServer.Reader.AsStream()).ConnectAsync(cancellationToken);
    }

    /// <summary>Dies without a word, as a process does that is killed.</summary>
    public async Task DieAsync()
    {
        await fromServer!.Writer.CompleteAsync();
        await toServer!.Reader.CompleteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null) await running.DisposeAsync();
    }
}
