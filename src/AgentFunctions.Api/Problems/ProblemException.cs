namespace AgentFunctions.Api.Problems;

/// <summary>Ends the handling of a request with a problem.</summary>
internal sealed class ProblemException(ProblemKind kind, string detail) : Exception(detail)
{
    public ProblemKind Kind { get; } = kind;

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    public IReadOnlyList<string>? Available { get; init; }

    public string? TraceId { get; init; }

    /// <summary>Sent as Retry-After, in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Sent as Allow.</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    public static ProblemException Parameter(string name, string wrong, string remedy) => new(ProblemKind.InvalidRequest, $"The query parameter '{name}' {wrong}. {remedy}");

    public static ProblemException Header(string name, string wrong, string remedy) => new(ProblemKind.InvalidRequest, $"The header {name} {wrong}. {remedy}");
}
