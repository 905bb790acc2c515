using System.Text.Json;
using AgentFunctions.Api.Admission;
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
        RunInput.Check(registration, body, environment.Catalog.Json);
        var (run, waits) = await StartAsync(starter, new RunStart(registration, body, start.Options, start.Source), start.Deadline, cancellationToken);
        var ended = await WaitAsync(run, registration.Name, start.Wait, waits, cancellationToken);
        var instanceId = run.InstanceId;
        var links = new RunLinks(request, environment.Options);
        return ended is null
            ? Accepted(environment, links, instanceId)
            : Reply.Json(StatusCodes.Status200OK, ended, environment.Json, new KeyValuePair<string, string>("Location", links.Location(instanceId)));
    }

    /// <summary>202 as Durable Functions answers a start.</summary>
    public static Reply Accepted(ApiEnvironment environment, RunLinks links, string instanceId) =>
        Reply.Json(StatusCodes.Status202Accepted, links.Payload(instanceId), environment.Json, new("Location", links.Location(instanceId)), new("Retry-After", "1"));

    /// <summary>Starts it where the host takes it. One that was started before is found whatever the load.</summary>
    private async Task<(StartedRun Run, TimeSpan Waits)> StartAsync(RunStarter starter, RunStart start, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var (pass, verdict) = environment.Admission.Ask(start.Options.Priority, start.Registration.Name, deadline);
        if (pass is null)
        {
            return await starter.FindRunAsync(start, cancellationToken) is { } id
                ? (new StartedRun(id, Created: false), TimeSpan.Zero)
                : throw Refusal.Of(verdict, deadline, environment.Admission.Options);
        }

        using (pass)
        {
            return (await starter.StartAsync(start, cancellationToken), pass.Waits);
        }
    }

    /// <summary>The run's final state, or null where it has not ended in time. What it tells of run times is taken in, where the run is new.</summary>
    private async Task<RunState?> WaitAsync(StartedRun run, string orchestrator, TimeSpan wait, TimeSpan waits, CancellationToken cancellationToken)
    {
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(wait, environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, environment.Host.DrainToken);
        try
        {
            var ended = await runs.WaitForCompletionAsync(run.InstanceId, either.Token);
            if (run.Created) environment.Admission.RunTimes.Note(ended, waits);
            return ended;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            if (run.Created && timeout.IsCancellationRequested) environment.Admission.RunTimes.NoteAtLeast(orchestrator, wait - waits);
            return null;
        }
    }
}
