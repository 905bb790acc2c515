using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools;

/// <summary>
/// The tools of a host, by name. Names are compared exactly, as models and MCP servers do. The host's own tools are there from the start; those of a
/// <see cref="ToolSource"/> come and go. Thread-safe: readers see one state or the next, whole.
/// </summary>
public sealed class ToolRegistry
{
    private readonly Lock gate = new();
    private readonly ToolOptions options;
    private readonly Dictionary<string, RegisteredTool> own = new(StringComparer.Ordinal);
    private readonly List<ToolSource> sources = [];
    private volatile Snapshot current;

    /// <summary>Makes a registry.</summary>
    /// <param name="tools">The host's own tools.</param>
    /// <param name="options">How tools may be called. Default: as they say.</param>
    /// <exception cref="ArgumentException">Two tools have one name, or a tool's JSON schema or traits can't be used.</exception>
    [ActivatorUtilitiesConstructor]
    public ToolRegistry(IEnumerable<AIFunction> tools, IOptions<ToolOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        this.options = options?.Value ?? new ToolOptions();
        foreach (var tool in tools)
        {
            if (!own.TryAdd(tool.Name, new RegisteredTool(tool, this.options))) throw new ArgumentException($"Two tools are named '{tool.Name}'. Give one of them another name.", nameof(tools));
        }

        current = new Snapshot(own);
    }

    /// <summary>The names, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => current.Names;

    /// <summary>The tools, in the order of their names.</summary>
    public IReadOnlyList<AIFunction> Tools => current.Tools;

    /// <summary>Ends once every source has made its first attempt; so nothing is called unknown that is only about to come. Never fails.</summary>
    public Task Settled
    {
        get
        {
            lock (gate) return Task.WhenAll(sources.Select(source => source.Settled));
        }
    }

    /// <summary>Whether there is a tool of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => current.ByName.ContainsKey(name);

    /// <summary>The tool of this name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="PermanentFailureException">There is none; the message names those there are.</exception>
    /// <exception cref="ToolUnavailableException">It would be a tool of a source that is away.</exception>
    public AIFunction Get(string name) => Find(name).Function;

    /// <summary>The tool of this name, with how it may be called.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="PermanentFailureException">There is none; the message names those there are.</exception>
    /// <exception cref="ToolUnavailableException">It would be a tool of a source that is away.</exception>
    public RegisteredTool Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (current.ByName.TryGetValue(name, out var tool)) return tool;
        lock (gate)
        {
            if (sources.Find(source => source.Absence is not null && name.StartsWith(source.Prefix, StringComparison.Ordinal)) is { } away) throw new ToolUnavailableException($"There is no tool '{name}' now: {away.Absence}");
        }

        throw new PermanentFailureException(Unknown(name));
    }

    /// <summary>The tool of this name, or null.</summary>
    /// <param name="name">The name.</param>
    public RegisteredTool? TryFind(string name) => current.ByName.GetValueOrDefault(name);

    /// <summary>Says that a tool is unknown and which there are.</summary>
    /// <param name="name">The name that was asked for.</param>
    public string Unknown(string name) =>
        $"There is no tool '{name}'. " + (Names.Count == 0 ? "No tool is registered: add one with services.AddTool." : $"There are: {string.Join(", ", Names)}.");

    /// <summary>Adds a source of tools, which has none yet.</summary>
    /// <param name="source">The source.</param>
    internal void Add(ToolSource source)
    {
        lock (gate) sources.Add(source);
    }

    /// <summary>Replaces what a source gives.</summary>
    /// <returns>What was refused, a message for each: a name that is taken, a schema that can't be used.</returns>
    internal IReadOnlyList<string> Replace(ToolSource source, IEnumerable<AIFunction> tools)
    {
        var refused = new List<string>();
        lock (gate)
        {
            var others = sources.Where(other => other != source).SelectMany(other => other.Tools.Values).Concat(own.Values).ToDictionary(tool => tool.Description.Name, StringComparer.Ordinal);
            var taken = new Dictionary<string, RegisteredTool>(StringComparer.Ordinal);
            foreach (var tool in tools)
            {
                try
                {
                    if (others.ContainsKey(tool.Name) || !taken.TryAdd(tool.Name, new RegisteredTool(tool, options))) refused.Add($"'{tool.Name}': another tool has this name. Set another prefix.");
                }
                catch (ArgumentException error)
                {
                    refused.Add($"'{tool.Name}': {error.Message}");
                }
            }

            source.Tools = taken;
            foreach (var (name, tool) in taken) others.Add(name, tool);
            current = new Snapshot(others);
        }

        return refused;
    }

    private sealed class Snapshot(Dictionary<string, RegisteredTool> byName)
    {
        public Dictionary<string, RegisteredTool> ByName { get; } = new Dictionary<string, RegisteredTool>(byName, StringComparer.Ordinal);

        public IReadOnlyList<string> Names { get; } = [.. byName.Keys.Order(StringComparer.Ordinal)];

        public IReadOnlyList<AIFunction> Tools { get; } = [.. byName.OrderBy(tool => tool.Key, StringComparer.Ordinal).Select(tool => tool.Value.Function)];
    }
}
