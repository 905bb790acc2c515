namespace AgentFunctions.Core.Durable;

/// <summary>What is wrong with a run's input, by JSON path. Empty means that it is valid.</summary>
public sealed class InputErrors
{
    private readonly Dictionary<string, string[]> byPath = new(StringComparer.Ordinal);

    /// <summary>True when nothing is wrong.</summary>
    public bool IsEmpty => byPath.Count == 0;

    /// <summary>The messages by JSON path, as problem details carry them (RFC 9457, the <c>errors</c> member).</summary>
    public IReadOnlyDictionary<string, string[]> ByPath => byPath;

    /// <summary>Adds a message when <paramref name="wrong"/> holds.</summary>
    /// <param name="wrong">Whether the value is wrong.</param>
    /// <param name="path">The JSON path of the value: <c>calls[2].tool</c>.</param>
    /// <param name="message">What was wrong, with the value, and what to do.</param>
    public void AddIf(bool wrong, string path, string message)
    {
        if (wrong)
        {
            byPath[path] = byPath.TryGetValue(path, out var earlier) ? [.. earlier, message] : [message];
        }
    }
}
