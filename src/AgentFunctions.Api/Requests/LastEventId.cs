using System.Globalization;
using AgentFunctions.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Requests;

/// <summary>Where a follower of an event stream resumes: the Last-Event-ID header that browsers send, or the query parameter for a first connection.</summary>
internal static class LastEventId
{
    public const string HeaderName = "Last-Event-ID";
    public const string ParameterName = "lastEventId";
    private const string Remedy = "Send the id of the last event that you have seen, a whole number from 0 on, or leave it out to see all.";

    public static long Read(HttpRequest request, QueryValues query)
    {
        var fromQuery = query.Text(ParameterName, 100);
        var (text, wrong) = request.Headers.TryGetValue(HeaderName, out var header)
            ? (header.ToString(), (Func<string, ProblemException>)(t => ProblemException.Header(HeaderName, $"is '{Shown.Of(t)}'", Remedy)))
            : (fromQuery ?? "0", t => ProblemException.Parameter(ParameterName, $"is '{Shown.Of(t)}'", Remedy));
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw wrong(text);
    }
}
