using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>The MCP servers whose tools this host has (modelcontextprotocol.io). Bound from the section <see cref="Section"/>.</summary>
public sealed class McpOptions
{
    /// <summary>The configuration section: <c>Mcp</c>.</summary>
    public const string Section = "Mcp";

    /// <summary>The servers by name, at most 100; a name is 1 to 32 of a-z, A-Z, 0-9, - and _. Default: none.</summary>
    public IDictionary<string, McpServerOptions> Servers { get; } = new Dictionary<string, McpServerOptions>(StringComparer.Ordinal);

    /// <summary>The longest wait after the first failed attempt to reach a server; it doubles with each, 10 ms to 1 hour. Default: 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts to reach a server, at least RetryDelay, at most 1 day. Default: 1 minute.</summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The seed of the waits' jitter; equal seeds give equal waits. Default: 0, a new one at each start.</summary>
    public int Seed { get; set; }
}

/// <summary>Refuses settings that are out of range, each with its name, its value and the range.</summary>
public sealed class McpOptionsValidation : IValidateOptions<McpOptions>
{
    private const int MostServers = 100;
    private const int LongestName = 32;

    /// <summary>Checks the settings.</summary>
    /// <param name="name">The options' name; not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, McpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = [];
        if (options.Servers.Count > MostServers) errors.Add($"Mcp:Servers has {options.Servers.Count} servers. Set at most {MostServers}.");
        if (options.RetryDelay < TimeSpan.FromMilliseconds(10) || options.RetryDelay > TimeSpan.FromHours(1)) errors.Add($"Mcp:RetryDelay is {options.RetryDelay}. Set it to between 00:00:00.010 and 01:00:00.");
        if (options.LongestRetryDelay < options.RetryDelay || options.LongestRetryDelay > TimeSpan.FromDays(1)) errors.Add($"Mcp:LongestRetryDelay is {options.LongestRetryDelay}. Set it to between RetryDelay ({options.RetryDelay}) and 1.00:00:00.");
        foreach (var (server, set) in options.Servers)
        {
            if (server.Length is 0 or > LongestName || !server.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) errors.Add($"Mcp:Servers has a server named '{server}'. Use 1 to {LongestName} of a-z, A-Z, 0-9, - and _.");
            errors.AddRange(set.Errors($"{McpOptions.Section}:Servers:{server}"));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
