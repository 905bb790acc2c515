namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>Whether an entry still holds.</summary>
internal enum GenerationVerdict
{
    /// <summary>That can't be told now: it is a miss, and the entry stays.</summary>
    Unknown,

    /// <summary>It does.</summary>
    Valid,

    /// <summary>It has been invalidated.</summary>
    Invalidated,
}
