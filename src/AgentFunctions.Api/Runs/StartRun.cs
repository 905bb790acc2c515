using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>POST /api/runs/{orchestrator}.</summary>
internal sealed class StartRun(ApiEnvironment environment, IRunClient runs)
{
    public async Task<IResult> RunAsync(HttpRequest request, string orchestrator)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var starter = new RunStarter(environment, runs);
        var registration = starter.Find(orchestrator);
        var start = StartRequest.Read(request, environment.Options);
        var body = await JsonBody.ReadAsync(request, environment.Options, cancellationToken)
            ?? throw new ProblemException(ProblemKind.InvalidJson, $"The body is empty. Send the input of '{registration.Name}' as a JSON object.");
        var input = await RunInput.PrepareAsync(registration, body, environment.Catalog.Json, environment.Content, cancellationToken);
        var instanceId = await starter.StartAsync(registration, input, new StartOptions { InstanceId = start.InstanceId, Priority = start.Priority }, start.Source, start.Budget, cancellationToken);

        var ended = await WaitAsync(instanceId, start.Wait, cancellationToken);
        var links = new RunLinks(request, environment.Options);
        return ended is null
            ? Accepted(environment, links, instanceId)
            : Reply.Json(StatusCodes.Status200OK, ended, environment.Json, new KeyValuePair<string, string>("Location", links.Location(instanceId)));
    }

    /// <summary>202 as Durable Functions answers a start.</summary>
    public static Reply Accepted(ApiEnvironment environment, RunLinks links, string instanceId) =>
        Reply.Json(StatusCodes.Status202Accepted, links.Payload(instanceId), environment.Json, new("Location", links.Location(instanceId)), new("Retry-After", "1"));

    /// <summary>The run's final state, or null where it has not ended in time.</summary>
    private async Task<RunState?> WaitAsync(string instanceId, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(wait, environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, environment.Host.DrainToken);
        try
        {
            return await runs.WaitForCompletionAsync(instanceId, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
