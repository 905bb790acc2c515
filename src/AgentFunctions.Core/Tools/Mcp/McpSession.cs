using System.Threading.Channels;
using ModelContextProtocol.Client;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>One connection to a server.</summary>
internal sealed class McpSession(McpClient client, Channel<bool> changes) : IAsyncDisposable
{
    private readonly TaskCompletionSource<string> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public McpClient Client => client;

    /// <summary>Has an entry when the tools have changed.</summary>
    public Channel<bool> Changes => changes;

    /// <summary>Ends when a call found the server gone, with how.</summary>
    public Task<string> Lost => lost.Task;

    public void Lose(string why) => lost.TrySetResult(why);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}

/// <summary>What a connection needs of the host.</summary>
/// <param name="Tools">Where its tools go.</param>
/// <param name="Content">Where the bytes of images and such go.</param>
/// <param name="Time">The clock of timeouts and waits.</param>
/// <param name="Logs">Makes loggers.</param>
internal sealed record McpHost(ToolRegistry Tools, Durable.IContentStore Content, TimeProvider Time, Microsoft.Extensions.Logging.ILoggerFactory Logs);
