using System.Threading.Channels;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>
/// Keeps one MCP server connected: in the background, again and again with backoff while it is away, and anew when it dies. Its tools stay registered while it is
/// away, so that what is known of them stays known.
/// </summary>
/// <param name="name">The server's name in the settings.</param>
/// <param name="options">Its settings.</param>
/// <param name="all">The settings of all servers, for the waits.</param>
/// <param name="connect">Makes a transport, for each attempt a new one.</param>
/// <param name="host">What it needs of the host.</param>
internal sealed partial class McpConnection(string name, McpServerOptions options, McpOptions all, Func<IClientTransport> connect, McpHost host)
{
    private readonly ILogger logger = host.Logs.CreateLogger<McpConnection>();
    private readonly Random random = new(all.Seed == 0 ? Random.Shared.Next() : HashCode.Combine(all.Seed, name.Length));
    private readonly ToolSource source = new(options.Prefix ?? $"{name}_");
    private volatile McpSession? session;

    public McpServerOptions Options => options;

    public string Prefix => source.Prefix;

    public IContentStore Content => host.Content;

    public void Register() => host.Tools.Add(source);

    /// <summary>Runs until stopped; a server that can't be reached is no reason to end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var failures = 0; !stop.IsCancellationRequested;)
        {
            string why;
            try
            {
                await using var connected = await ConnectAsync(stop);
                failures = 0;
                why = await ServeAsync(connected, stop);
            }
#pragma warning disable CA1031 // Whatever a server or its transport does, it is reported, and tried again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                why = error is OperationCanceledException ? $"it did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s." : InWords(error);
            }

            if (stop.IsCancellationRequested) break;
            failures++;
            var wait = Backoff.FullJitter(failures, all.RetryDelay, all.LongestRetryDelay, random.NextDouble());
            var absence = $"the MCP server '{name}' is away since its last attempt at {host.Time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} (attempt {failures}): {why} It is tried again at most {all.LongestRetryDelay.TotalSeconds:0.###} s later. Start it, or correct {McpOptions.Section}:Servers:{name}.";
            source.Report(absence);
            McpLog.Away(logger, name, absence);
            await Task.Delay(wait, host.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        source.Report($"the MCP server '{name}' was stopped with this host.");
    }

    private async Task<McpSession> ConnectAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(options.ConnectTimeout, host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var client = await McpClient.CreateAsync(connect(), ClientOptions(changes), host.Logs, either.Token);
        var connected = new McpSession(client, changes);
        try
        {
            connected.Subscribe();
            await ListAsync(connected, either.Token);
        }
        catch
        {
            await connected.DisposeAsync();
            throw;
        }

        session = connected;
        source.Report(absent: null);
        McpLog.Connected(logger, name, source.Tools.Count);
        return connected;
    }

    private McpClientOptions ClientOptions(Channel<bool> changes) => new()
    {
        ClientInfo = new Implementation { Name = "AgentFunctions", Version = typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0.0.0" },
        InitializationTimeout = options.ConnectTimeout,
        TimeProvider = host.Time,
        Handlers = new McpClientHandlers
        {
            NotificationHandlers = [new(NotificationMethods.ToolListChangedNotification, (_, _) => { changes.Writer.TryWrite(true); return default; })],
        },
    };

    /// <summary>Lists the tools anew whenever they change, until the server goes.</summary>
    private async Task<string> ServeAsync(McpSession connected, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var changed = connected.Changes.Reader.WaitToReadAsync(stop).AsTask();
                await Task.WhenAny(changed, connected.Client.Completion, connected.Lost);
                stop.ThrowIfCancellationRequested();
                if (connected.Client.Completion.IsCompleted) return await EndAsync(connected.Client.Completion);
                if (connected.Lost.IsCompleted) return await connected.Lost;
                while (connected.Changes.Reader.TryRead(out _))
                {
                }

                using var late = new CancellationTokenSource(options.ConnectTimeout, host.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
                await ListAsync(connected, either.Token);
            }
        }
        finally
        {
            session = null;
        }
    }

    private static async Task<string> EndAsync(Task<ClientCompletionDetails> completion) => await completion switch
    {
        StdioClientCompletionDetails process => $"its process ended with code {process.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}{Tail(process.StandardErrorTail)}.",
        { Exception: { } error } => InWords(error),
        _ => "it closed the connection.",
    };

    private static string Tail(IReadOnlyList<string>? lines) => lines is { Count: > 0 } ? $", after writing: {string.Join(" / ", lines.TakeLast(3))}" : "";

    private static string InWords(Exception error)
    {
        var words = error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{error.Message} {inner.Message}" : error.Message;
        return words.EndsWith('.') ? words : words + ".";
    }

    private async Task ListAsync(McpSession connected, CancellationToken cancellationToken)
    {
        var listed = await connected.Client.ListToolsAsync(cancellationToken: cancellationToken);
        var allowed = listed.Where(tool => options.AllowedTools.Count == 0 || options.AllowedTools.Contains(tool.ProtocolTool.Name)).ToList();
        var missing = options.AllowedTools.Except(listed.Select(tool => tool.ProtocolTool.Name), StringComparer.Ordinal);
        var refused = host.Tools.Replace(source, allowed.Select(tool => new McpTool(this, tool.ProtocolTool, connected.Client.ServerInfo?.Version)));
        foreach (var why in refused) McpLog.Refused(logger, name, why);
        foreach (var tool in missing) McpLog.Refused(logger, name, $"'{tool}' of AllowedTools is no tool of this server. Name one that it has.");
    }
}
