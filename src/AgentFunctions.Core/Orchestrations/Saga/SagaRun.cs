using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Sagas;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>A saga while it runs: does what its course says is next, one thing at a time.</summary>
internal sealed class SagaRun
{
    private readonly OrchestrationContext context;
    private readonly SagaInput input;
    private readonly SagaCalls calls;
    private readonly SagaDesk desk;
    private readonly SagaLedger ledger;
    private SagaCourse course;

    public SagaRun(OrchestrationContext context, SagaInput input)
    {
        (this.context, this.input) = (context, input);
        ledger = new SagaLedger(context.InstanceId, input);
        calls = new SagaCalls(context, ledger);
        desk = new SagaDesk(context, input, ledger);
        course = SagaCourse.Of(input.Steps.Select(step => new SagaTraits(step.Compensation is not null, step.Compensation is { SafeIfUnknown: true })), input.StopWhenParked);
    }

    public async Task<SagaResult> RunAsync()
    {
        using var cancel = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        var listening = ListenAsync(cancel, over.Token);
        while (true)
        {
            // A cancellation that came while a step ran counts once the step's outcome is known; after the last step, too.
            if (ledger.Cancelled is not null && !course.TurnedBack) course = course.Cancel();
            await desk.NoteParkedAsync(course);
            var move = course.Next;
            if (move.Kind == SagaMoveKind.End) break;
            course = move.Kind switch
            {
                SagaMoveKind.Step => await StepAsync(move.Step, cancel.Token),
                SagaMoveKind.Compensation => await CompensateAsync(move.Step),
                _ => await desk.WaitAsync(course),
            };
        }

        over.Cancel();
        await listening;
        desk.PublishCompensations("ended", course);
        return SagaReport.Result(ledger, course);
    }

    private async Task ListenAsync(CancellationTokenSource cancel, CancellationToken over)
    {
        try
        {
            var payload = await context.WaitForExternalEventAsync<JsonElement?>("cancel", over);
            ledger.Cancelled = new(Text(payload, "by"), Text(payload, "reason"), context.UtcNow);

            // Ends the wait before a step's next attempt. A running attempt is waited for: given up, nobody would know what it did.
            cancel.Cancel();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The saga ended without being cancelled.
        }
    }

    private async Task<SagaCourse> StepAsync(int step, CancellationToken cancel)
    {
        desk.Publish("steps", step, input.Steps.Count);
        return course.StepEnded(step, await calls.StepAsync(step, cancel));
    }

    private async Task<SagaCourse> CompensateAsync(int step)
    {
        desk.PublishCompensations("compensations", course);
        return course.CompensationEnded(step, await calls.CompensateAsync(step));
    }

    private static string? Text(JsonElement? payload, string name) =>
        payload is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
