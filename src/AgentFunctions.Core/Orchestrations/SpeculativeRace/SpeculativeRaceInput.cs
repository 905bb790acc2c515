using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>What to ask, and whom, and when.</summary>
public sealed record SpeculativeRaceInput
{
    /// <summary>The request: 1 to 1,000,000 characters. A long one is moved to the content store before the run starts.</summary>
    public string? Prompt { get; init; }

    /// <summary>Where the request (UTF-8) is stored. Exactly one of <see cref="Prompt"/> and <see cref="PromptRef"/> is set.</summary>
    public ContentRef? PromptRef { get; init; }

    /// <summary>The paths, 1 to 20.</summary>
    public required IReadOnlyList<RacePath> Paths { get; init; }

    /// <summary>What makes an answer valid, besides not being empty. Default: nothing.</summary>
    public RaceAcceptance Accept { get; init; } = new();

    /// <summary>How the cache may be used, for paths that do not say it themselves. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>One way to an answer.</summary>
public sealed record RacePath
{
    /// <summary>Its name, 1 to 100 characters, unique.</summary>
    public required string Key { get; init; }

    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>) or a configured model's name.</summary>
    public required string Model { get; init; }

    /// <summary>When it starts, counted from the run's start, 0 to 1 hour. It starts sooner when every path that has started has failed. Default: 0.</summary>
    public TimeSpan StartAfter { get; init; }

    /// <summary>
    /// How the cache may be used. With the mode Only the path asks the cache for an answer that the model gave before, and nobody else: without one it ends at once, the
    /// next path starts, and the race has no failure. Default: as the input says.
    /// </summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What an answer must be like to win.</summary>
public sealed record RaceAcceptance
{
    /// <summary>Its least length in characters, without white space at either end; 0 to 100,000. Default: 0.</summary>
    public int MinLength { get; init; }

    /// <summary>A text that it must contain, in any case; 1 to 1,000 characters. Default: none.</summary>
    public string? MustContain { get; init; }
}
