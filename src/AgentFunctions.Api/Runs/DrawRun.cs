using System.Text;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Telemetry.Diagrams;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentFunctions.Api.Runs;

/// <summary>GET /api/runs/{id}/graph.</summary>
internal sealed class DrawRun(ApiEnvironment environment, IRunClient runs)
{
    public const string Mermaid = "text/vnd.mermaid";
    public const string PlainText = "text/plain";
    private const string Json = "application/json";

    public async Task<IResult> GetAsync(HttpRequest request, string id)
    {
        _ = new QueryValues(request, environment.Options);
        var cancellationToken = request.HttpContext.RequestAborted;
        var run = await runs.GetAsync(id, includePayloads: true, cancellationToken) ?? throw new RunNotFoundException(Shown.Of(id));

        // A task graph needs no history: not every host can give one.
        var diagram = RunDiagram.OfGraph(run, environment.Json)
            ?? RunDiagram.OfHistory(run, await runs.GetHistoryAsync(id, cancellationToken) ?? throw new RunNotFoundException(Shown.Of(id)));
        var type = Preferred(request.GetTypedHeaders().Accept);
        return type == Json
            ? Reply.Json(StatusCodes.Status200OK, new RunGraph(diagram), environment.Json, new KeyValuePair<string, string>("Vary", "Accept"))
            : new Reply { Status = StatusCodes.Status200OK, Body = Encoding.UTF8.GetBytes(diagram), ContentType = $"{type}; charset=utf-8", Headers = [new("Vary", "Accept")] };
    }

    /// <summary>What the caller likes best (RFC 9110, 12.5.1); JSON where it says nothing, or nothing that there is.</summary>
    private static string Preferred(IList<MediaTypeHeaderValue> accept) =>
        ((string[])[Json, Mermaid, PlainText]).Select(type => (Type: type, Quality: QualityOf(type, accept))).MaxBy(it => it.Quality).Type;

    private static double QualityOf(string type, IList<MediaTypeHeaderValue> accept)
    {
        var offer = new MediaTypeHeaderValue(type);
        return accept.Where(range => offer.IsSubsetOf(range)).OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0).Select(range => range.Quality ?? 1).FirstOrDefault();
    }
}

/// <summary>A run as a diagram.</summary>
/// <param name="Mermaid">A Mermaid flowchart.</param>
internal sealed record RunGraph(string Mermaid);
