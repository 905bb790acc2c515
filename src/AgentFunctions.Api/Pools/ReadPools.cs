using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Models.Deployments;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Pools;

/// <summary>GET /api/pools.</summary>
internal sealed class ReadPools(ApiEnvironment environment)
{
    public Task<IResult> GetAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        var report = environment.Parts.Pools?.Report() ?? new PoolsReport(Environment.MachineName, new BalancingOptions().Strategy.ToString(), []);
        return Task.FromResult<IResult>(Reply.Json(StatusCodes.Status200OK, report, environment.Json));
    }
}
