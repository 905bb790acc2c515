using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>Makes the SDK's transports out of settings.</summary>
internal static class McpTransports
{
    public static IClientTransport Create(string name, McpServerOptions options, ILoggerFactory logs) => options.Endpoint is { } endpoint
        ? new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Name = name,
                Endpoint = endpoint,
                AdditionalHeaders = new Dictionary<string, string>(options.Headers, StringComparer.OrdinalIgnoreCase),
                ConnectionTimeout = options.ConnectTimeout,
            },
            logs)
        : new StdioClientTransport(
            new StdioClientTransportOptions
            {
                Name = name,
                Command = options.Command!,
                Arguments = [.. options.Arguments],
                WorkingDirectory = options.WorkingDirectory,
                InheritEnvironmentVariables = false,
                EnvironmentVariables = Environment(options),
                ShutdownTimeout = options.ShutdownTimeout,
            },
            logs);

    private static Dictionary<string, string?> Environment(McpServerOptions options)
    {
        var variables = new Dictionary<string, string?>(StdioClientTransportOptions.GetDefaultEnvironmentVariables(), StringComparer.Ordinal);
        foreach (var (name, value) in options.Environment) variables[name] = value;
        return variables;
    }
}
