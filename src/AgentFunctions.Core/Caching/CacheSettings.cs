namespace AgentFunctions.Core.Caching;

/// <summary>How a call, or all calls of a run, may use the cache.</summary>
public sealed record CacheSettings
{
    /// <summary>The most tags: 16.</summary>
    public const int MostTags = 16;

    /// <summary>The longest tag, in characters: 100.</summary>
    public const int LongestTag = 100;

    /// <summary>Whether to read and to write. Default: both.</summary>
    public CacheMode Mode { get; init; }

    /// <summary>How long an answer that this call writes may be used, 1 s to 365 days. Default: that of its kind.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>What the answer depends on, such as <c>prices</c> or <c>customer:17</c>: to invalidate a tag invalidates all that was written with it. At most 16, of 1 to 100 characters. Default: none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether the answer may be used for every tenant. Set it only where neither the question nor the answer holds anything of the tenant's own. Default: false.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether the answer to another question with the same meaning will do. Default: as the host's setting <c>Cache:Semantic:Enabled</c> says.</summary>
    public bool? Semantic { get; init; }

    /// <summary>A caller's version of its prompt: answers to another version are not used. Default: none.</summary>
    public string? PromptVersion { get; init; }
}

/// <summary>What a call may do with the cache.</summary>
public enum CacheMode
{
    /// <summary>Read it, and write what had to be made.</summary>
    Use,

    /// <summary>Make the answer anew and write it: for a repeated question whose last answer would not do.</summary>
    Refresh,

    /// <summary>Neither read nor write.</summary>
    Off,

    /// <summary>Read it, and fail with <see cref="CacheMissException"/> where it has no answer: for the first path of a race.</summary>
    Only,
}
