using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tools;

/// <summary>The tools of a host, by name. Names are compared exactly, as models and MCP servers do.</summary>
public sealed class ToolRegistry
{
    private readonly Dictionary<string, AIFunction> byName = new(StringComparer.Ordinal);

    /// <summary>Makes a registry.</summary>
    /// <param name="tools">The tools.</param>
    /// <exception cref="ArgumentException">Two tools have one name.</exception>
    public ToolRegistry(IEnumerable<AIFunction> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        foreach (var tool in tools)
        {
            if (!byName.TryAdd(tool.Name, tool)) throw new ArgumentException($"Two tools are named '{tool.Name}'. Give one of them another name.", nameof(tools));
        }

        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
        Tools = [.. Names.Select(name => byName[name])];
    }

    /// <summary>The names, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The tools, in the order of their names.</summary>
    public IReadOnlyList<AIFunction> Tools { get; }

    /// <summary>Whether there is a tool of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>The tool of this name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="PermanentFailureException">There is none; the message names those there are.</exception>
    public AIFunction Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return byName.TryGetValue(name, out var tool) ? tool : throw new PermanentFailureException(Unknown(name));
    }

    /// <summary>Says that a tool is unknown and which there are.</summary>
    /// <param name="name">The name that was asked for.</param>
    public string Unknown(string name) =>
        $"There is no tool '{name}'. " + (Names.Count == 0 ? "No tool is registered: add one with services.AddTool." : $"There are: {string.Join(", ", Names)}.");
}
