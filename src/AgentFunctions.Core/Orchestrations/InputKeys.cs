using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations;

/// <summary>Checks the keys of a list in an input: 1 to 100 characters, each once.</summary>
internal sealed class InputKeys(InputErrors errors)
{
    public const int Longest = 100;

    private readonly Dictionary<string, string> pathByKey = new(StringComparer.Ordinal);

    /// <summary>Whether an item has this key.</summary>
    public bool Contains(string key) => pathByKey.ContainsKey(key);

    /// <summary>Takes a key, and says what is wrong with it.</summary>
    public void Add(string key, string path)
    {
        if (key.Length is 0 or > Longest) errors.AddIf(true, path, $"The key has {key.Length} characters. Give it 1 to {Longest}.");
        else if (!pathByKey.TryAdd(key, path)) errors.AddIf(true, path, $"The key '{key}' is also that of {pathByKey[key]}. Give each a key of its own.");
    }
}
