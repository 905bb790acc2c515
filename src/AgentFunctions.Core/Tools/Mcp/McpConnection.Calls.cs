using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentFunctions.Core.Tools.Mcp;

/// <content>Calls of the server's tools.</content>
internal sealed partial class McpConnection
{
    /// <summary>Calls a tool of the server.</summary>
    /// <exception cref="ToolUnavailableException">The server is away, or went while it was asked.</exception>
    /// <exception cref="ToolArgumentsException">The server refused the arguments.</exception>
    /// <exception cref="ToolFailedException">The server refused the call for another reason.</exception>
    public async Task<CallToolResult> CallAsync(string tool, CallToolRequestParams request, CancellationToken cancellationToken)
    {
        var connected = session ?? throw new ToolUnavailableException($"The tool '{tool}' can't be called now: {source.Absence ?? $"the MCP server '{name}' is being connected. Try again in a moment."}");
        try
        {
            var call = connected.Client.CallToolAsync(request, cancellationToken).AsTask();
            // A server that dies may leave its answers open for good.
            if (await Task.WhenAny(call, connected.Client.Completion) != call && !call.IsCompleted) throw Lost(await EndAsync(connected.Client.Completion));
            return await call;
        }
        catch (McpProtocolException refused)
        {
            if (Enum.IsDefined(refused.ErrorCode) || await KnowsUsAsync(connected, refused.ErrorCode, cancellationToken)) throw Refusal(tool, refused);
            connected.Lose(InWords(refused));
            throw new ToolUnavailableException($"The MCP server '{name}' was started anew and no longer knows this connection, so '{tool}' was not run: {refused.Message} It is connected anew; try again.", sent: false, refused);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is HttpRequestException or IOException or JsonException or McpException or ObjectDisposedException or OperationCanceledException)
        {
            // What it is can only be told by connecting anew: a dead process, a server started again that knows no session.
            connected.Lose(InWords(error));
            throw Lost(InWords(error), error);
        }

        ToolUnavailableException Lost(string why, Exception? error = null) =>
            new($"The MCP server '{name}' went while it ran '{tool}': {why} It is connected anew; try again, if the tool may run twice.", sent: true, error);
    }

    private Exception Refusal(string tool, McpProtocolException refused) => refused.ErrorCode == McpErrorCode.InvalidParams
        ? new ToolArgumentsException(tool, $"The MCP server '{name}' refused the arguments of '{tool}': {refused.Message}", refused)
        : new ToolFailedException(tool, $"The MCP server '{name}' refused the call of '{tool}' ({(int)refused.ErrorCode}): {refused.Message}", refused);

    /// <summary>A server that was started again refuses everything in one way, which differs from server to server; so it is asked for something that can't be refused otherwise.</summary>
    private static async Task<bool> KnowsUsAsync(McpSession connected, McpErrorCode refusal, CancellationToken cancellationToken)
    {
        try
        {
            await connected.Client.PingAsync(cancellationToken: cancellationToken);
            return true;
        }
        catch (McpProtocolException again)
        {
            return again.ErrorCode != refusal;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is HttpRequestException or IOException or McpException)
        {
            return false;
        }
    }
}
