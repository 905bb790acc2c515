using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>POST /api/runs/{orchestrator}.</summary>
internal sealed class StartRun(ApiEnvironment environment, IRunClient runs)
{
    private const int Tries = 3;

    public async Task<IResult> RunAsync(HttpRequest request, string orchestrator)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        var registration = Find(orchestrator);
        var start = StartRequest.Read(request, environment.Options);
        var body = await JsonBody.ReadAsync(request, environment.Options, cancellationToken)
            ?? throw new ProblemException(ProblemKind.InvalidJson, $"The body is empty. Send the input of '{registration.Name}' as a JSON object.");
        var input = await RunInput.PrepareAsync(registration, body, environment, cancellationToken);
        var instanceId = await StartAsync(registration, input, start, cancellationToken);

        var ended = await WaitAsync(instanceId, start.Wait, cancellationToken);
        var links = new RunLinks(request, environment.Options);
        return ended is null
            ? Accepted(environment, links, instanceId)
            : Reply.Json(StatusCodes.Status200OK, ended, environment.Json, new KeyValuePair<string, string>("Location", links.Location(instanceId)));
    }

    /// <summary>202 as Durable Functions answers a start.</summary>
    public static Reply Accepted(ApiEnvironment environment, RunLinks links, string instanceId) =>
        Reply.Json(StatusCodes.Status202Accepted, links.Payload(instanceId), environment.Json, new("Location", links.Location(instanceId)), new("Retry-After", "1"));

    private OrchestratorRegistration Find(string name)
    {
        var registration = environment.Catalog.Orchestrators.GetValueOrDefault(name);
        if (registration is { Internal: false })
        {
            return registration;
        }

        IReadOnlyList<string> names = [.. environment.Catalog.PublicOrchestratorNames];
        var what = registration is null ? $"There is no orchestrator '{Shown.Of(name)}'." : $"Only other orchestrators start '{registration.Name}'.";
        throw new ProblemException(ProblemKind.UnknownOrchestrator, $"{what} There are: {string.Join(", ", names)}.") { Available = names };
    }

    private async Task<string> StartAsync(OrchestratorRegistration registration, JsonElement input, StartRequest start, CancellationToken cancellationToken)
    {
        var options = new StartOptions { InstanceId = start.InstanceId, Priority = start.Priority };
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var started = await runs.StartAsync(registration.Name, input, options, cancellationToken);
            ApiLog.RunStarted(environment.Logger, started.InstanceId, registration.Name, started.Created);
            if (started.Created)
            {
                return started.InstanceId;
            }

            // Null when it was purged between the two calls: then the next attempt creates it.
            if (await runs.GetAsync(started.InstanceId, cancellationToken: cancellationToken) is { } existing)
            {
                RefuseOther(registration, input, start, existing);
                return existing.InstanceId;
            }
        }

        throw new ProblemException(ProblemKind.IdempotencyConflict, $"The run of the {start.Source} was purged each of the {Tries} times it was found. Let the purges end, then start it again.");
    }

    private static void RefuseOther(OrchestratorRegistration registration, JsonElement input, StartRequest start, RunState existing)
    {
        var other = !string.Equals(existing.Name, registration.Name, StringComparison.OrdinalIgnoreCase) ? $"orchestrator '{existing.Name}'"
            : existing.Input is { } earlier && JsonElement.DeepEquals(earlier, input) ? null
            : "another input";
        if (other is not null)
        {
            throw new ProblemException(ProblemKind.IdempotencyConflict, $"The {start.Source} was used before, with {other}: run '{existing.InstanceId}' ({existing.RuntimeStatus}). Send the same request again to get that run, or choose another key or ID to start a new one.");
        }
    }

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
