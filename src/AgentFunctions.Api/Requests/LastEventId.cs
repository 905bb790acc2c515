using AgentFunctions.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Requests;

/// <summary>Where a follower of an event stream resumes: the Last-Event-ID header that browsers send, or the query parameter for a first connection.</summary>
internal static class LastEventId
{
    public const string HeaderName = "Last-Event-ID";
    public const string ParameterName = "lastEventId";
    private const string Remedy = "Send the id of the last event that you have seen, unchanged, such as 17 or 17.1793276586000123, or leave it out to see all.";

    public static StreamPosition Read(HttpRequest request, QueryValues query)
    {
        var fromQuery = query.Text(ParameterName, 100);
        var (text, wrong) = request.Headers.TryGetValue(HeaderName, out var header)
            ? (header.ToString(), (Func<string, ProblemException>)(t => ProblemException.Header(HeaderName, $"is '{Shown.Of(t)}'", Remedy)))
            : (fromQuery ?? "0", t => ProblemException.Parameter(ParameterName, $"is '{Shown.Of(t)}'", Remedy));
        return StreamPosition.TryParse(text, out var position) ? position.Value : throw wrong(text);
    }
}
