using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Sagas;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Orchestrations.Saga;

/// <summary>Where a person sees what is parked, and decides about it.</summary>
internal sealed class SagaDesk(OrchestrationContext context, SagaInput input, SagaLedger ledger)
{
    private const int ShownParked = 5;
    private const int ShownCharacters = 200;
    private const int MostNotices = 100;
    private const string Help = "For each, raise the event 'compensation' with {\"step\": KEY, \"outcome\": \"Done\" | \"Retry\" | \"Skip\", \"by\": NAME}. 'details' has the calls to do by hand.";

    private static readonly JsonSerializerOptions Json = DurableJson.CreateOptions(DurableJsonContext.Default, SagaJsonContext.Default);

    private SagaStatus status = new() { Phase = "steps", Done = 0, Total = input.Steps.Count };
    private string parkedKeys = "";

    /// <summary>Publishes how far the run is.</summary>
    public void Publish(string phase, int done, int total) => Publish(status with { Phase = phase, Done = done, Total = total });

    /// <summary>Publishes how far the compensations are; of a saga that did not turn back, the steps.</summary>
    public void PublishCompensations(string phase, SagaCourse course)
    {
        var needed = course.Undos.Count(undo => undo != SagaUndoStatus.NotNeeded);
        if (course.TurnedBack) Publish(phase, needed - course.Undos.Count(undo => undo is SagaUndoStatus.Due or SagaUndoStatus.Parked), needed);
        else Publish(phase, input.Steps.Count, input.Steps.Count);
    }

    /// <summary>Publishes what is parked, with the details stored, where that has changed.</summary>
    public async Task NoteParkedAsync(SagaCourse course)
    {
        foreach (var place in Enumerable.Range(0, ledger.Entries.Count).Where(course.IsParked)) ledger.Entries[place].ParkedSince ??= context.UtcNow;
        IReadOnlyList<SagaParked> parked = [.. Enumerable.Range(0, ledger.Entries.Count).Where(course.IsParked).Select(place => SagaReport.Parked(ledger.Entries[place], course.Steps[place]))];
        var keys = string.Join(' ', parked.Select(it => $"{it.Step}/{it.Attempts}"));
        if (string.Equals(keys, parkedKeys, StringComparison.Ordinal)) return;
        parkedKeys = keys;
        Publish(status with
        {
            Parked = parked.Count > 0 ? [.. parked.Take(ShownParked).Select(Short)] : null,
            ParkedCount = parked.Count > 0 ? parked.Count : null,
            Details = parked.Count > 0 ? await StoreAsync(parked) : null,
            Help = parked.Count > 0 ? Help : null,
        });
    }

    /// <summary>Waits until a person has decided about something parked, or for as long as the input says.</summary>
    public async Task<SagaCourse> WaitAsync(SagaCourse course)
    {
        PublishCompensations("waiting for a person", course);
        using var decided = new CancellationTokenSource();
        using var expired = new CancellationTokenSource();
        var timer = input.ParkFor is { } limit ? context.CreateTimerAsync(limit, decided.Token) : null;
        var wait = context.WaitForExternalEventAsync<SagaResolution>("compensation", expired.Token);
        if (timer is not null) await Task.WhenAny(wait, timer);
        if (timer is { IsCompleted: true } && !wait.IsCompleted)
        {
            expired.Cancel();
            return course.Expire();
        }

        try
        {
            return Apply(course, await wait);
        }
        catch (JsonException exception)
        {
            return Refuse(course, $"An event 'compensation' does not fit: {exception.Message}");
        }
        finally
        {
            decided.Cancel();
        }
    }

    private SagaCourse Apply(SagaCourse course, SagaResolution? resolution)
    {
        if (resolution is null) return Refuse(course, "An event 'compensation' has no payload. Send 'step' and 'outcome'.");
        var place = ledger.PlaceOf(resolution.Step);
        if (!course.IsParked(place)) return Refuse(course, $"An event 'compensation' names the step '{Cut(resolution.Step)}', which waits for nobody. Name one of those in 'parked'.");
        var entry = ledger.Entries[place];
        (entry.Resolution, entry.ResolvedAt) = (resolution, context.UtcNow);
        if (resolution.Outcome == SagaDecision.Retry) entry.ParkedSince = null;
        status = status with { Notice = null };
        return course.Resolve(place, resolution.Outcome);
    }

    private SagaCourse Refuse(SagaCourse course, string fault)
    {
        if (ledger.Notices.Count < MostNotices) ledger.Notices.Add(Cut(fault));
        status = status with { Notice = Cut(fault) };
        return course;
    }

    private async Task<ContentRef?> StoreAsync(IReadOnlyList<SagaParked> parked)
    {
        try
        {
            var json = DurableJson.ToElement(parked, Json);
            return await context.CallActivityAsync(ActivityReferences.StoreJson, json, new RetryPolicy(), "parked");
        }
        catch (TaskFailedException exception)
        {
            // The run must not fail over its own notes: the result has them, too.
            status = status with { Notice = Cut($"The details could not be stored: {exception.Message}") };
            return null;
        }
    }

    private void Publish(SagaStatus next) => context.SetCustomStatus(status = next);

    private static SagaParkedShort Short(SagaParked parked) => new(parked.Step, parked.Undo.Tool, parked.StepStatus, Cut($"{parked.Error.Type}: {parked.Error.Message}"), parked.Since);

    /// <summary>So short, and without what JSON writes in six characters, that five of them and a notice stay far below 16 KB.</summary>
    private static string Cut(string text)
    {
        var shown = text.Shortened(ShownCharacters);
        return new string([.. shown.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character)]);
    }
}
