using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Resilience;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Circuits;

/// <summary>GET /api/circuits.</summary>
internal sealed class ReadCircuits(ApiEnvironment environment)
{
    public async Task<IResult> GetAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        var report = environment.Parts.Circuits is { } circuits
            ? await circuits.ReportAsync(request.HttpContext.RequestAborted)
            : new CircuitsReport(Environment.MachineName, []);
        return Reply.Json(StatusCodes.Status200OK, report, environment.Json);
    }
}
