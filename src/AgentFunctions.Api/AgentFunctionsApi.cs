using AgentFunctions.Api.Budgets;
using AgentFunctions.Api.Caching;
using AgentFunctions.Api.Circuits;
using AgentFunctions.Api.Health;
using AgentFunctions.Api.Limits;
using AgentFunctions.Api.Pools;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Api.Runs;
using AgentFunctions.Api.Scale;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api;

/// <summary>
/// The HTTP contract (docs/http-api.md), one method a route. It knows no host: the embedded host maps the methods with
/// <see cref="AgentFunctionsEndpoints.MapAgentFunctions"/>, the Azure app calls each from an HTTP trigger of one line. Methods never throw
/// for a bad request: every error is an answer with problem details (RFC 9457).
/// </summary>
/// <param name="environment">What every request needs.</param>
/// <param name="runs">The engine. Cheap to bind anew for each request, as the Azure app has to.</param>
public sealed class AgentFunctionsApi(ApiEnvironment environment, IRunClient runs)
{
    /// <summary>POST /api/runs/{orchestrator}: starts a run. 202, or 200 with its state where it ended within <c>?wait=</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="orchestrator">The orchestrator's name.</param>
    public Task<IResult> StartAsync(HttpRequest request, string orchestrator) => ChangeAsync(request, () => new StartRun(environment, runs).RunAsync(request, orchestrator));

    /// <summary>GET /api/runs: a page of runs.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> ListAsync(HttpRequest request) => ReadAsync(request, () => new ReadRuns(environment, runs).ListAsync(request));

    /// <summary>GET /api/runs/{id}: a run's state.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> GetAsync(HttpRequest request, string id) => ReadAsync(request, () => new ReadRuns(environment, runs).GetAsync(request, id));

    /// <summary>GET /api/runs/{id}/timeline: every step with its times and cost, and the critical path.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> TimelineAsync(HttpRequest request, string id) => ReadAsync(request, () => new ReadRuns(environment, runs).TimelineAsync(request, id));

    /// <summary>GET /api/runs/{id}/graph: a run as a Mermaid flowchart.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> GraphAsync(HttpRequest request, string id) => ReadAsync(request, () => new DrawRun(environment, runs).GetAsync(request, id));

    /// <summary>GET /api/runs/{id}/stream: what happens in a run, as server-sent events.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> StreamAsync(HttpRequest request, string id) => ReadAsync(request, () => new FollowRun(environment, runs).OpenAsync(request, id));

    /// <summary>POST /api/runs/{id}/events/{name}: raises an external event. 202.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="name">The event's name.</param>
    public Task<IResult> RaiseEventAsync(HttpRequest request, string id, string name) => ChangeAsync(request, () => new SteerRun(environment, runs).RaiseEventAsync(request, id, name));

    /// <summary>POST /api/runs/{id}/suspend: pauses a run. 202.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> SuspendAsync(HttpRequest request, string id) => ChangeAsync(request, () => new SteerRun(environment, runs).SuspendAsync(request, id));

    /// <summary>POST /api/runs/{id}/resume: continues a suspended run. 202.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> ResumeAsync(HttpRequest request, string id) => ChangeAsync(request, () => new SteerRun(environment, runs).ResumeAsync(request, id));

    /// <summary>POST /api/runs/{id}/terminate: ends a run. 202.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> TerminateAsync(HttpRequest request, string id) => ChangeAsync(request, () => new SteerRun(environment, runs).TerminateAsync(request, id));

    /// <summary>POST /api/runs/{id}/restart: starts a run again from its input. 202.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> RestartAsync(HttpRequest request, string id) => ChangeAsync(request, () => new SteerRun(environment, runs).RestartAsync(request, id));

    /// <summary>DELETE /api/runs/{id}: removes an ended run. 200 with how many instances were removed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    public Task<IResult> PurgeAsync(HttpRequest request, string id) => ChangeAsync(request, () => new SteerRun(environment, runs).PurgeAsync(request, id));

    /// <summary>GET /api/cache: what this worker's cache has done, by kind.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> CacheAsync(HttpRequest request) => ReadAsync(request, () => new SteerCache(environment).ReportAsync(request));

    /// <summary>DELETE /api/cache: invalidates what <c>tenant</c>, <c>kind</c>, <c>tag</c>, <c>key</c> or <c>all=true</c> say. 200 once no worker serves it.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> InvalidateCacheAsync(HttpRequest request) => ChangeAsync(request, () => new SteerCache(environment).InvalidateAsync(request));

    /// <summary>POST /api/cache/feedback: a person's word on a cached answer. 200 with what became of it.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> CacheFeedbackAsync(HttpRequest request) => ChangeAsync(request, () => new SteerCache(environment).FeedbackAsync(request));

    /// <summary>GET /api/limits: where the limits of each deployment stand, over all workers and on this one.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> LimitsAsync(HttpRequest request) => ReadAsync(request, () => new ReadLimits(environment, runs).GetAsync(request));

    /// <summary>GET /api/pools: where the deployments of each model stand, as this worker sees them.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> PoolsAsync(HttpRequest request) => ReadAsync(request, () => new ReadPools(environment).GetAsync(request));

    /// <summary>GET /api/budgets: what all, tenants and with <c>?run=</c> a run may spend, have spent and have reserved.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> BudgetsAsync(HttpRequest request) => ReadAsync(request, () => new ReadBudgets(environment, runs).GetAsync(request));

    /// <summary>GET /api/circuits: which deployments and tools are known to be broken, over all workers and on this one.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> CircuitsAsync(HttpRequest request) => ReadAsync(request, () => new ReadCircuits(environment).GetAsync(request));

    /// <summary>GET /api/scale: how many instances are wanted, and why; the same on every worker.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> ScaleAsync(HttpRequest request) => ReadAsync(request, () => new ReadScale(environment, runs).GetAsync(request));

    /// <summary>GET /api/health: 200 while the host takes work, 503 when it does not.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> HealthAsync(HttpRequest request) => ReadAsync(request, () => new ReadHealth(environment).GetAsync(request));

    /// <summary>GET /api/openapi.json: this contract as OpenAPI 3.1, with the schemas of what this host runs.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> OpenApiAsync(HttpRequest request) => ReadAsync(request, () =>
    {
        _ = new QueryValues(request, environment.Options);
        return Task.FromResult<IResult>(new Reply { Status = StatusCodes.Status200OK, Body = environment.OpenApiBytes });
    });

    /// <summary>Any other request under /api: 405 with Allow where the path exists, else 404, both with what there is.</summary>
    /// <param name="request">The request.</param>
    public Task<IResult> UnknownRouteAsync(HttpRequest request) => ReadAsync(request, () => throw ApiRoutes.Refuse(request));

    private Task<IResult> ReadAsync(HttpRequest request, Func<Task<IResult>> handler) => ProblemGuard.RunAsync(environment, request, handler);

    private Task<IResult> ChangeAsync(HttpRequest request, Func<Task<IResult>> handler) =>
        ProblemGuard.RunAsync(environment, request, () => environment.Host.Draining ? throw ReadHealth.Draining() : handler());
}
