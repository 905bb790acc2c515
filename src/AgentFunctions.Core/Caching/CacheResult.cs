using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching;

/// <summary>What the work gave, for the cache to keep.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
/// <param name="Value">The answer.</param>
/// <param name="Cost">What it cost: what each later use of it saves. Null where that is not known.</param>
/// <param name="Keep">Whether it may be kept: false for an answer that is cut off or not usable. Default: true.</param>
/// <param name="Ttl">How long it may be kept, where its maker says so; the shorter of this and the settings' counts. Default: no limit of its own.</param>
public sealed record CacheFill<T>(T Value, Cost? Cost = null, bool Keep = true, TimeSpan? Ttl = null);

/// <summary>What the cache, or else the work, gave.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
/// <param name="Value">The answer.</param>
/// <param name="Note">Where it came from; null where the work was done for this call.</param>
public sealed record CacheResult<T>(T Value, CacheNote? Note);

/// <summary>That an answer was not made anew, and what it is instead. It stands in results and in histories.</summary>
public sealed record CacheNote
{
    /// <summary>Where it came from.</summary>
    public required CacheSource Source { get; init; }

    /// <summary>The entry's key, 64 hexadecimal digits: for invalidation and feedback.</summary>
    public required string Key { get; init; }

    /// <summary>How long before it had been made.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>What it cost when it was made, and did not cost now; null where that is not known.</summary>
    public Cost? Saved { get; init; }

    /// <summary>The question it was made for, where that was another one with the same meaning. Default: none.</summary>
    public string? Question { get; init; }

    /// <summary>How alike the questions are, 0 to 1, where they are two. Default: none.</summary>
    public double? Score { get; init; }
}

/// <summary>An output that says whether it came from the cache.</summary>
public interface ICached
{
    /// <summary>Where it came from; null where the work was done for this call.</summary>
    CacheNote? Cache { get; }
}

/// <summary>Where an answer came from.</summary>
public enum CacheSource
{
    /// <summary>This worker's memory.</summary>
    Memory,

    /// <summary>The store that all workers share.</summary>
    Store,

    /// <summary>An entry past its time, within what the host allows; it is being made anew.</summary>
    Stale,

    /// <summary>The same work, under way for another call.</summary>
    Coalesced,

    /// <summary>The answer to another question with the same meaning.</summary>
    Semantic,
}

/// <summary>A call asked for a cached answer or none (<see cref="CacheMode.Only"/>), and there is none. Trying again is of no use.</summary>
/// <param name="message">What was asked for.</param>
public sealed class CacheMissException(string message) : PermanentFailureException(message);
