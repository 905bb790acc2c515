using System.Globalization;
using AgentFunctions.Core.Serialization;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Problems;

/// <summary>Turns what ended a request into its answer.</summary>
internal static class ProblemReplies
{
    public static Problem Describe(ProblemException problem, ApiOptions options, string? path) => new()
    {
        Type = $"{options.DocsAddress}#{problem.Kind.Anchor}",
        Title = problem.Kind.Title,
        Status = problem.Kind.Status,
        Detail = problem.Message,
        // The path alone: a query may carry a function key.
        Instance = path,
        Errors = problem.Errors,
        Available = problem.Available,
        TraceId = problem.TraceId,
    };

    public static Reply From(ProblemException problem, ApiEnvironment environment, HttpRequest request)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (problem.RetryAfter is { } wait)
        {
            headers.Add(new("Retry-After", Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        }

        if (problem.Allow is { } methods)
        {
            headers.Add(new("Allow", string.Join(", ", methods)));
        }

        return new Reply
        {
            Status = problem.Kind.Status,
            ContentType = "application/problem+json; charset=utf-8",
            Body = DurableJson.Write(Describe(problem, environment.Options, (request.PathBase + request.Path).ToUriComponent()), environment.Json),
            Headers = headers,
        };
    }
}
