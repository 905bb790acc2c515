using AgentFunctions.Core.Durable;

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

    /// <summary>Something is wrong with a body: the first of it in words, all of it by path.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="lead">What the body is not, a sentence with its full stop.</param>
    /// <param name="errors">What is wrong; not empty.</param>
    public static ProblemException Body(ProblemKind kind, string lead, InputErrors errors)
    {
        var (path, messages) = errors.ByPath.First();
        var more = errors.ByPath.Count == 1 ? "" : $" And {errors.ByPath.Count - 1} more; see errors.";
        return new ProblemException(kind, $"{lead} {path}: {messages[0]}{more}") { Errors = errors.ByPath };
    }
}
