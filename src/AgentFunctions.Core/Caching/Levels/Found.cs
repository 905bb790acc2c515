namespace AgentFunctions.Core.Caching.Levels;

/// <summary>An entry that may be served.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
/// <param name="Key">Its key.</param>
/// <param name="Entry">The entry, with its time on the monotonic clock.</param>
/// <param name="Value">The answer; nothing where the entry is a failure.</param>
/// <param name="Source">Where it was.</param>
internal sealed record Found<T>(CacheKey Key, Entry Entry, T Value, CacheSource Source)
{
    /// <summary>How old it is.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>The question it was made for, where that was another.</summary>
    public string? Question { get; init; }

    /// <summary>How alike the questions are.</summary>
    public double? Score { get; init; }

    /// <summary>Whether it is past its time.</summary>
    public bool IsStale => Age >= Entry.Ttl;
}
