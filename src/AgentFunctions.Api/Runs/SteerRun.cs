using System.Text.Json;
using AgentFunctions.Api.Admission;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>POST /api/runs/{id}/events/{name}, /suspend, /resume, /terminate, /restart, and DELETE /api/runs/{id}.</summary>
internal sealed class SteerRun(ApiEnvironment environment, IRunClient runs)
{
    private const int LongestReason = 1024;
    private static readonly JsonElement Null = JsonElement.Parse("null");

    public async Task<IResult> RaiseEventAsync(HttpRequest request, string id, string name)
    {
        _ = new QueryValues(request, environment.Options);
        Identifiers.EventName(name);
        var payload = await JsonBody.ReadAsync(request, environment.Options, request.HttpContext.RequestAborted) ?? Null;
        await runs.RaiseEventAsync(id, name, payload, request.HttpContext.RequestAborted);
        return Reply.Empty(StatusCodes.Status202Accepted);
    }

    public Task<IResult> SuspendAsync(HttpRequest request, string id) => SteerAsync(request, id, runs.SuspendAsync);

    public Task<IResult> ResumeAsync(HttpRequest request, string id) => SteerAsync(request, id, runs.ResumeAsync);

    public Task<IResult> TerminateAsync(HttpRequest request, string id) => SteerAsync(request, id, async (instanceId, reason, cancellationToken) =>
    {
        // The seam lets an ended run be terminated again; over HTTP the caller is told, as by Durable Functions.
        var state = await runs.GetAsync(instanceId, includePayloads: false, cancellationToken) ?? throw new RunNotFoundException(Shown.Of(instanceId));
        if (state.RuntimeStatus.IsFinal())
        {
            throw new RunEndedException(instanceId, state.RuntimeStatus);
        }

        await runs.TerminateAsync(instanceId, reason, cancellationToken);
    });

    public async Task<IResult> RestartAsync(HttpRequest request, string id)
    {
        var query = new QueryValues(request, environment.Options, "withNewInstanceId", "restartWithNewInstanceId");
        // The second is Durable Functions' own name for it, and true its own default.
        var withNew = query.Flag("withNewInstanceId", absent: query.Flag("restartWithNewInstanceId", absent: true));
        using var pass = await AdmitAsync(id, withNew, request.HttpContext.RequestAborted);
        var instanceId = await runs.RestartAsync(id, withNew, request.HttpContext.RequestAborted);
        return StartRun.Accepted(environment, new RunLinks(request, environment.Options), instanceId);
    }

    /// <summary>A restart is as much work as a start, so it is let in as one. What can't be restarted is told so first: that is no matter of load.</summary>
    private async Task<AdmissionPass> AdmitAsync(string id, bool withNew, CancellationToken cancellationToken)
    {
        // With its payloads: Durable Functions keeps the lane beside the input.
        var run = await runs.GetAsync(id, includePayloads: true, cancellationToken) ?? throw new RunNotFoundException(Shown.Of(id));
        if (!withNew && !run.RuntimeStatus.IsFinal()) throw new RunNotEndedException(run.InstanceId, run.RuntimeStatus);
        var (pass, verdict) = environment.Admission.Ask(run.Priority, run.Name, deadline: null);
        return pass ?? throw Refusal.Of(verdict, deadline: null, environment.Admission.Options);
    }

    public async Task<IResult> PurgeAsync(HttpRequest request, string id)
    {
        _ = new QueryValues(request, environment.Options);
        var count = await runs.PurgeAsync(id, request.HttpContext.RequestAborted);
        return Reply.Json(StatusCodes.Status200OK, new PurgeReport(count), environment.Json);
    }

    private async Task<IResult> SteerAsync(HttpRequest request, string id, Func<string, string?, CancellationToken, Task> steer)
    {
        var reason = new QueryValues(request, environment.Options, "reason").Text("reason", LongestReason);
        await steer(id, reason, request.HttpContext.RequestAborted);
        return Reply.Empty(StatusCodes.Status202Accepted);
    }
}
