using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using DurableTask.Core.History;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Durable Functions' history as steps. It handles several events in one turn, and says not which of them made the orchestrator go on: a step's
/// cause is the last of them, so the critical path is exact where turns have one event and near it elsewhere. When an activity began to run is
/// not recorded.
/// </summary>
internal sealed class HistoryMapping(JsonSerializerOptions json)
{
    private readonly List<HistoryStep> steps = [];
    private readonly Dictionary<int, int> byEvent = [];
    private readonly Dictionary<int, int> byCall = [];
    private readonly List<(long Sequence, string Kind, HistoryStep? Step)> updates = [];
    private readonly Dictionary<long, string> outputs = [];
    private int? cause;

    // What timers count from.
    private DateTimeOffset? turn;

    /// <summary>What steps returned, as JSON, by the number of the update that told of their end.</summary>
    public IReadOnlyDictionary<long, string> Outputs => outputs;

    /// <summary>The last event's sequence number.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The sequence number of what happened at this time and after what has this number.</summary>
    public static long SequenceAt(DateTimeOffset at, long after) =>
        Math.Max(after + 2, 2 * ((at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond));

    /// <summary>The steps.</summary>
    public IReadOnlyList<HistoryStep> Map(IEnumerable<HistoryEvent> history)
    {
        foreach (var item in history)
        {
            var at = new DateTimeOffset(DateTime.SpecifyKind(item.Timestamp, DateTimeKind.Utc));
            LastSequence = SequenceAt(at, LastSequence);
            Take(item, at);
        }

        return steps;
    }

    /// <summary>
    /// What followers are told. Sequence numbers come from the events' times, so that they grow over the executions of a run that continues as new;
    /// they are even, which leaves one between any two.
    /// </summary>
    public IReadOnlyList<(long Sequence, string Kind, HistoryStep? Step)> Updates(IEnumerable<HistoryEvent> history)
    {
        Map(history);
        return updates;
    }

    private void Take(HistoryEvent item, DateTimeOffset at)
    {
        switch (item)
        {
            case OrchestratorStartedEvent: turn = at; break;
            case ExecutionStartedEvent: updates.Add((LastSequence, "started", null)); break;
            case TaskScheduledEvent e when e.Name == CallCancellation.Activity.Name: GiveUp(EnvelopeOf(e.Input), at); break;
            case TaskScheduledEvent e:
                var envelope = EnvelopeOf(e.Input);
                var step = Begin(e.EventId, Step(StepKind.Activity, e.Name ?? "", at) with { Label = envelope?.Label });
                if (envelope is not null)
                {
                    byCall[envelope.CallId] = step - 1;
                }

                break;
            case TaskCompletedEvent e: End(e.TaskScheduledId, s => s with { Status = StepStatus.Completed, EndedAt = at, Cost = CostOf(e.Result), Cache = NoteOf(e.Result) }, e.Result); break;
            case TaskFailedEvent e: End(e.TaskScheduledId, s => s with { Status = StepStatus.Failed, EndedAt = at, Failure = FailureOf(e.FailureDetails, e.Reason) }); break;
            case SubOrchestrationInstanceCreatedEvent e: Begin(e.EventId, Step(StepKind.SubOrchestration, e.Name ?? "", at) with { SubInstanceId = e.InstanceId, Label = SubLabelOf(e.Input) }); break;
            case SubOrchestrationInstanceCompletedEvent e: End(e.TaskScheduledId, s => s with { Status = StepStatus.Completed, EndedAt = at, Cost = CostOf(e.Result), Cache = NoteOf(e.Result) }, e.Result); break;
            case SubOrchestrationInstanceFailedEvent e: End(e.TaskScheduledId, s => s with { Status = StepStatus.Failed, EndedAt = at, Failure = FailureOf(e.FailureDetails, e.Reason) }); break;
            case TimerCreatedEvent e: Begin(e.EventId, Step(StepKind.Timer, "timer", turn ?? at)); break;
            case TimerFiredEvent e: End(e.TimerId, s => s with { Status = StepStatus.Completed, StartedAt = s.ScheduledAt, EndedAt = FiredAt(e, at) }); break;
            case EventSentEvent e when e.InstanceId.StartsWith('@'): Begin(e.EventId, Step(StepKind.EntityCall, e.InstanceId, at) with { Status = StepStatus.Completed, StartedAt = at, EndedAt = at }); break;
            case EventRaisedEvent e when !Guid.TryParse(e.Name, out _):
                cause = Begin(-1 - steps.Count, Step(StepKind.ExternalEvent, e.Name ?? "", at) with { Status = StepStatus.Completed, StartedAt = at, EndedAt = at, CausedBy = null });
                break;
            case ExecutionSuspendedEvent: updates.Add((LastSequence, "suspended", null)); break;
            case ExecutionResumedEvent: updates.Add((LastSequence, "resumed", null)); break;
            case ExecutionCompletedEvent or ExecutionTerminatedEvent: EndRun(at); break;
        }
    }

    private HistoryStep Step(StepKind kind, string name, DateTimeOffset at) => new() { Id = 0, Kind = kind, Name = name, Status = StepStatus.Running, ScheduledAt = at, CausedBy = cause };

    private int Begin(int eventId, HistoryStep step)
    {
        steps.Add(step with { Id = steps.Count + 1 });
        byEvent[eventId] = steps.Count - 1;
        updates.Add((LastSequence, "step", steps[^1]));
        return steps.Count;
    }

    private void End(int eventId, Func<HistoryStep, HistoryStep> change, string? output = null)
    {
        if (byEvent.TryGetValue(eventId, out var index) && steps[index].Status == StepStatus.Running)
        {
            steps[index] = change(steps[index]);
            updates.Add((LastSequence, "step", steps[index]));
            if (!string.IsNullOrEmpty(output))
            {
                outputs[LastSequence] = output;
            }

            cause = index + 1;
        }
    }

    /// <summary>The event's own time is when the timer was made.</summary>
    private static DateTimeOffset FiredAt(TimerFiredEvent fired, DateTimeOffset made)
    {
        var due = new DateTimeOffset(DateTime.SpecifyKind(fired.FireAt, DateTimeKind.Utc));
        return due > made ? due : made;
    }

    private void EndRun(DateTimeOffset at)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Status == StepStatus.Running)
            {
                steps[i] = steps[i] with { Status = StepStatus.Cancelled, EndedAt = at };
            }
        }

        updates.Add((LastSequence, "ended", null));
    }

    /// <summary>What was given up is over for the run, though its activity may still report.</summary>
    private void GiveUp(ActivityEnvelope? envelope, DateTimeOffset at)
    {
        if (envelope?.Input.Deserialize(AppJsonContext.Default.CallCancellation) is not { } cancellation)
        {
            return;
        }

        var given = cancellation.CallIds.Count > 0
            ? cancellation.CallIds.Where(byCall.ContainsKey).Select(c => byCall[c])
            : Enumerable.Range(0, steps.Count).Where(i => steps[i].Kind == StepKind.SubOrchestration && string.Equals(steps[i].SubInstanceId, cancellation.InstanceId, StringComparison.Ordinal));
        foreach (var index in given.Where(i => steps[i].Status == StepStatus.Running).ToList())
        {
            steps[index] = steps[index] with { Status = StepStatus.Cancelled, EndedAt = at };
            updates.Add((LastSequence, "step", steps[index]));
        }
    }

    /// <summary>The worker sends an activity's input as the one element of an array. The host keeps inputs in history only where host.json says so.</summary>
    private static ActivityEnvelope? EnvelopeOf(string? input) =>
        Parse(input) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1 && list[0].ValueKind == JsonValueKind.Object && list[0].TryGetProperty("callId", out _)
            ? list[0].Deserialize(AppJsonContext.Default.ActivityEnvelope)
            : null;

    private static string? SubLabelOf(string? input) => Parse(input) is { } payload ? RunEnvelope.Open(payload).Header.Label : null;

    private Cost? CostOf(string? result) => Parse(result) is { } output ? Cost.Of(output, json) : null;

    private CacheNote? NoteOf(string? result) => Parse(result) is { } output ? CacheNotes.Of(output, json) : null;

    private FailureDetails FailureOf(DurableTask.Core.FailureDetails? failure, string? reason) => failure is null
        ? new FailureDetails { Type = "Exception", Message = reason ?? "It failed without saying why." }
        : FailureText.Read(failure.ErrorType, failure.ErrorMessage, failure.InnerFailure, json);

    private static JsonElement? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
