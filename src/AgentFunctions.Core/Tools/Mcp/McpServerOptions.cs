namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>One MCP server: a program that is started and spoken to over its standard streams (Command), or an HTTP address (Endpoint). Exactly one of both is set.</summary>
public sealed class McpServerOptions
{
    /// <summary>The program to start. It is stopped with this host.</summary>
    public string? Command { get; set; }

    /// <summary>The program's arguments. Default: none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// Environment variables of the program, on top of the few that any program needs (PATH, HOME, the temporary folder and such): this host's own keys are not handed on.
    /// Default: none.
    /// </summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The folder that the program starts in. Default: this host's own.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>The address of a server over streamable HTTP: <c>https://example.com/mcp</c>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>HTTP headers that every request carries, such as Authorization. Only with Endpoint. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the tools' names begin with, 0 to 40 of a-z, A-Z, 0-9, -, _ and the dot, which not every model provider takes. Default: the server's name and '_'.</summary>
    public string? Prefix { get; set; }

    /// <summary>The tools that are taken, by the server's own names. Default: all.</summary>
    public IList<string> AllowedTools { get; } = [];

    /// <summary>Whether what the server says of its tools (read-only, idempotent) is believed; otherwise they are Unsafe until Tools:Traits says more. Default: true.</summary>
    public bool TrustAnnotations { get; set; } = true;

    /// <summary>How long it may take to start the server, shake hands and list its tools, 100 ms to 10 minutes. Default: 30 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one call of a tool may take, 1 ms to 1 day. Default: Tools:Timeout.</summary>
    public TimeSpan? CallTimeout { get; set; }

    /// <summary>How long the program may take to end before it is killed, 0 to 1 minute. Default: 5 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<string> Errors(string path)
    {
        if (string.IsNullOrWhiteSpace(Command) == Endpoint is null) yield return $"{path} has {(Endpoint is null ? "neither Command nor" : "both Command and")} Endpoint. Set exactly one: a program to start, or an address.";
        if (Endpoint is { } endpoint && (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps))) yield return $"{path}:Endpoint is '{endpoint}'. Set it to an http or https address.";
        if (Endpoint is null && Headers.Count > 0) yield return $"{path}:Headers is set, but there is no Endpoint that they could be sent to. Remove it.";
        if (Endpoint is not null && (Arguments.Count > 0 || Environment.Count > 0 || WorkingDirectory is not null)) yield return $"{path} has Arguments, Environment or WorkingDirectory, but no Command that they could be for. Remove them.";
        if (WorkingDirectory is { } folder && !Directory.Exists(folder)) yield return $"{path}:WorkingDirectory is '{folder}', which is no folder. Name one.";
        // The values may be secrets.
        foreach (var header in Headers.Where(header => header.Key.Length == 0 || !header.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') || header.Value.Any(char.IsControl))) yield return $"{path}:Headers has '{header.Key}', whose name or value no HTTP request can carry. Use letters, digits, - and _ for the name and no control characters.";
        if (Prefix is { } prefix && (prefix.Length > 40 || !prefix.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))) yield return $"{path}:Prefix is '{prefix}'. Use 0 to 40 of a-z, A-Z, 0-9, -, _ and the dot.";
        if (AllowedTools.Any(string.IsNullOrWhiteSpace)) yield return $"{path}:AllowedTools has an empty name. Name tools of the server.";
        if (ConnectTimeout < TimeSpan.FromMilliseconds(100) || ConnectTimeout > TimeSpan.FromMinutes(10)) yield return $"{path}:ConnectTimeout is {ConnectTimeout}. Set it to between 00:00:00.100 and 00:10:00.";
        if (CallTimeout is { } call && !ToolTraits.Fits(call)) yield return $"{path}:CallTimeout is {call}. Set it to between 00:00:00.001 and 1.00:00:00.";
        if (ShutdownTimeout < TimeSpan.Zero || ShutdownTimeout > TimeSpan.FromMinutes(1)) yield return $"{path}:ShutdownTimeout is {ShutdownTimeout}. Set it to between 0 and 00:01:00.";
    }
}
