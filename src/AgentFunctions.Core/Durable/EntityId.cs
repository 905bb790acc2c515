namespace AgentFunctions.Core.Durable;

/// <summary>
/// The address of an entity: a kind and a key. The name is lower-cased, the key keeps its case, as in Durable Functions.
/// </summary>
public readonly record struct EntityId
{
    /// <summary>Makes the address of the entity of this kind with this key.</summary>
    /// <param name="name">The entity's registered name. Stored in lower case.</param>
    /// <param name="key">The key within the kind. Case is kept.</param>
    /// <exception cref="ArgumentException">The name or the key is empty, or the name holds <c>@</c>.</exception>
    public EntityId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (name.Contains('@', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The entity name '{name}' holds '@', which separates name and key in an entity's instance ID. Choose a name without it.", nameof(name));
        }

        Name = name.ToLowerInvariant();
        Key = key;
    }

    /// <summary>The kind, in lower case.</summary>
    public string Name { get; }

    /// <summary>The key within the kind.</summary>
    public string Key { get; }

    /// <summary>The form that Durable Functions shows: <c>@name@key</c>.</summary>
    public override string ToString() => $"@{Name}@{Key}";
}
