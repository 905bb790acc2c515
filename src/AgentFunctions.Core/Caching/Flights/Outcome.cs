using AgentFunctions.Core.Caching.Levels;

namespace AgentFunctions.Core.Caching.Flights;

/// <summary>What a flight gave: what it found, or what it made.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
internal sealed record Outcome<T>
{
    /// <summary>What was found.</summary>
    public Found<T>? Found { get; init; }

    /// <summary>What was made, where nothing was found.</summary>
    public CacheFill<T>? Made { get; init; }

    /// <summary>The same as JSON; null where it can't be written.</summary>
    public ReadOnlyMemory<byte>? Json { get; init; }

    /// <summary>What it hangs on; null where that could not be told.</summary>
    public Invalidation.GenerationStamp? Stamp { get; init; }
}
