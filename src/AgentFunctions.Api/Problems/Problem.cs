namespace AgentFunctions.Api.Problems;

/// <summary>RFC 9457 problem details, with the members we add.</summary>
internal sealed record Problem
{
    /// <summary>The kind of problem: where docs/http-api.md explains it.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in a few words; the same for each occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened, the value that was wrong, what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>What is wrong with a body, by JSON path.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What there is, where something was asked for that there is not.</summary>
    public IReadOnlyList<string>? Available { get; init; }

    /// <summary>By which the log's entry can be found, where the fault is the host's.</summary>
    public string? TraceId { get; init; }
}
