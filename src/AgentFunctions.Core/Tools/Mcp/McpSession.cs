using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>One connection to a server.</summary>
internal sealed class McpSession(McpClient client, Channel<bool> changes) : IAsyncDisposable
{
    // The first revision in which a server tells of changes only where it is asked to (SEP-2575).
    private const string RevisionWithSubscriptions = "2026-07-28";

    private readonly CancellationTokenSource ended = new();
    private readonly TaskCompletionSource<string> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public McpClient Client => client;

    /// <summary>Has an entry when the tools have changed.</summary>
    public Channel<bool> Changes => changes;

    /// <summary>Ends when a call found the server gone, with how.</summary>
    public Task<string> Lost => lost.Task;

    public void Lose(string why) => lost.TrySetResult(why);

    /// <summary>Asks to be told when the tools change, where the protocol wants asking.</summary>
    public void Subscribe()
    {
        if (string.CompareOrdinal(client.NegotiatedProtocolVersion, RevisionWithSubscriptions) < 0 || client.ServerCapabilities?.Tools?.ListChanged != true) return;
        var wanted = new SubscriptionsListenRequestParams { Notifications = new SubscriptionsListenNotifications { ToolsListChanged = true } };
        var request = new JsonRpcRequest { Method = RequestMethods.SubscriptionsListen, Params = JsonSerializer.SerializeToNode(wanted, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(SubscriptionsListenRequestParams))) };
        // It lasts as long as the connection. A server that refuses it tells of no changes, and its tools are listed at the next connection.
        _ = client.SendRequestAsync(request, ended.Token).ContinueWith(static answer => answer.Exception, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await client.DisposeAsync();
        ended.Dispose();
    }
}

/// <summary>What a connection needs of the host.</summary>
/// <param name="Tools">Where its tools go.</param>
/// <param name="Content">Where the bytes of images and such go.</param>
/// <param name="Time">The clock of timeouts and waits.</param>
/// <param name="Logs">Makes loggers.</param>
internal sealed record McpHost(ToolRegistry Tools, Durable.IContentStore Content, TimeProvider Time, Microsoft.Extensions.Logging.ILoggerFactory Logs);
