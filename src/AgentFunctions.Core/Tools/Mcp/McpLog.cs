using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Tools.Mcp;

internal static partial class McpLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The MCP server '{Server}' is connected: {Count} tools.")]
    public static partial void Connected(ILogger logger, string server, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The MCP server '{Server}' is away: {Why}")]
    public static partial void Away(ILogger logger, string server, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A tool of the MCP server '{Server}' is left out: {Why}")]
    public static partial void Refused(ILogger logger, string server, string why);
}
