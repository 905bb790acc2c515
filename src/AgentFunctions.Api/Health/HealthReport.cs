using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Health;

/// <summary>That the host takes work, and what it runs.</summary>
/// <param name="Status">Always <c>healthy</c>: otherwise the answer is a problem with status 503.</param>
/// <param name="Version">The build's version.</param>
/// <param name="Orchestrators">What can be started.</param>
internal sealed record HealthReport(string Status, string Version, IReadOnlyList<string> Orchestrators);

/// <summary>GET /api/health.</summary>
internal sealed class ReadHealth(ApiEnvironment environment)
{
    private static readonly string Version = typeof(ReadHealth).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public Task<IResult> GetAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        var host = environment.Host;
        return host switch
        {
            { Fault: { } fault } => throw ProblemGuard.Unhealthy(fault),
            { Draining: true } => throw Draining(),
            _ => Task.FromResult<IResult>(Reply.Json(StatusCodes.Status200OK, new HealthReport("healthy", Version, [.. environment.Catalog.PublicOrchestratorNames]), environment.Json)),
        };
    }

    public static ProblemException Draining() =>
        new(ProblemKind.Draining, "The host is stopping and changes nothing any more; reading still works, and nothing that was accepted is lost. Send the request again in a few seconds, when the host is back or another has taken over.") { RetryAfter = TimeSpan.FromSeconds(5) };
}
