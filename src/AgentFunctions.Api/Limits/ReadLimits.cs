using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Limits;

/// <summary>GET /api/limits.</summary>
internal sealed class ReadLimits(ApiEnvironment environment, IRunClient runs)
{
    public async Task<IResult> GetAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        var report = environment.Parts.Limits is { } limits
            ? await limits.ReportAsync(runs, environment.Time.GetUtcNow(), request.HttpContext.RequestAborted)
            : new LimitsReport(Environment.MachineName, []);
        return Reply.Json(StatusCodes.Status200OK, report with { InFlight = environment.Parts.Gates?.Status() }, environment.Json);
    }
}
