using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Engine.Client;

/// <summary>Something a follower of a run is told: a step, the custom status (JSON), or nothing but that it happened.</summary>
/// <param name="Sequence">The number of the event among all of the run's.</param>
/// <param name="Kind">started, step, status, suspended, resumed, ended.</param>
/// <param name="Step">The step as it stands now.</param>
/// <param name="Status">The custom status.</param>
/// <param name="Output">What the step returned, as JSON, where it has ended well.</param>
internal readonly record struct ProjectedUpdate(long Sequence, string Kind, HistoryStep? Step = null, ReadOnlyMemory<byte> Status = default, ReadOnlyMemory<byte>? Output = null);

/// <summary>Turns a history, turn by turn, into steps and updates.</summary>
internal sealed class HistoryProjection(JsonSerializerOptions json)
{
    private readonly List<HistoryStep> steps = [];
    private readonly Dictionary<int, int> byCall = [];
    private readonly List<ProjectedUpdate> updates = [];
    private long sequence;
    private int? cause;

    /// <summary>The steps so far, in the order of history.</summary>
    public IReadOnlyList<HistoryStep> Steps => steps;

    /// <summary>Takes the next turn.</summary>
    /// <returns>What followers are told, valid until the next turn.</returns>
    public IReadOnlyList<ProjectedUpdate> Add(Turn turn)
    {
        updates.Clear();
        Input(turn);
        foreach (var request in turn.Requests)
        {
            sequence++;
            Request(request, turn.At);
        }

        return updates;
    }

    /// <summary>Notes when those that still run began to: history learns it only with their end.</summary>
    public void MarkRunning(Func<int, DateTimeOffset?> startedAt)
    {
        foreach (var (callId, index) in byCall)
        {
            if (steps[index] is { Status: StepStatus.Running, Kind: StepKind.Activity } step)
            {
                steps[index] = step with { StartedAt = startedAt(callId) };
            }
        }
    }

    private void Input(Turn turn)
    {
        sequence++;
        switch (turn.Input)
        {
            case ExecutionStarted e:
                sequence = e.FirstSequence + 1;
                cause = null;
                Tell("started");
                break;
            case EventRaised e:
                cause = Begin(new HistoryStep { Id = 0, Kind = StepKind.ExternalEvent, Name = e.Name, Status = StepStatus.Completed, ScheduledAt = turn.At, StartedAt = turn.At, EndedAt = turn.At });
                break;
            case CallCompleted e: End(e.CallId, s => s with { Status = StepStatus.Completed, StartedAt = e.StartedAt, EndedAt = turn.At, Cost = CostOf(e.Output), Cache = NoteOf(e.Output) }, e.Output); break;
            case CallFailed e: End(e.CallId, s => s with { Status = StepStatus.Failed, StartedAt = e.StartedAt, EndedAt = turn.At, Failure = e.Failure }); break;
            case TimerFired e: End(e.CallId, s => s with { Status = StepStatus.Completed, StartedAt = s.ScheduledAt, EndedAt = turn.At }); break;
            case ExecutionSuspended: Tell("suspended"); break;
            case ExecutionResumed: Tell("resumed"); break;
            case ExecutionTerminated or ExecutionAborted: EndRun(turn.At); break;
        }
    }

    private void Request(RequestEvent request, DateTimeOffset at)
    {
        switch (request)
        {
            case ActivityScheduled e: Begin(e, Step(StepKind.Activity, e.Name, at) with { Label = e.Label }); break;
            case SubOrchestrationScheduled e: Begin(e, Step(StepKind.SubOrchestration, e.Name, at) with { Label = e.Label, SubInstanceId = e.InstanceId }); break;
            case TimerCreated e: Begin(e, Step(StepKind.Timer, "timer", at)); break;
            case EntityCalled e: Begin(e, Step(StepKind.EntityCall, $"{e.Entity}.{e.Operation}", at)); break;
            case CallCancelled e: Change(e.CallId, s => s with { Status = StepStatus.Cancelled, EndedAt = at }); break;
            case CustomStatusSet e: updates.Add(new(sequence, "status", Status: e.Status)); break;
            case ExecutionCompleted or ExecutionFailed: EndRun(at); break;
        }
    }

    private HistoryStep Step(StepKind kind, string name, DateTimeOffset at) =>
        new() { Id = 0, Kind = kind, Name = name, Status = StepStatus.Running, ScheduledAt = at, CausedBy = cause };

    private void Begin(CallEvent call, HistoryStep step) => byCall[call.CallId] = Begin(step) - 1;

    private int Begin(HistoryStep step)
    {
        steps.Add(step with { Id = steps.Count + 1 });
        updates.Add(new(sequence, "step", steps[^1]));
        return steps.Count;
    }

    private void End(int callId, Func<HistoryStep, HistoryStep> change, ReadOnlyMemory<byte>? output = null)
    {
        if (Change(callId, change, output) is { } index)
        {
            cause = index + 1;
        }
    }

    private int? Change(int callId, Func<HistoryStep, HistoryStep> change, ReadOnlyMemory<byte>? output = null)
    {
        if (!byCall.TryGetValue(callId, out var index))
        {
            return null;
        }

        steps[index] = change(steps[index]);
        updates.Add(new(sequence, "step", steps[index], Output: output));
        return index;
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

        Tell("ended");
    }

    private void Tell(string kind) => updates.Add(new(sequence, kind));

    // Most outputs have none: they are not parsed for it.
    private Cost? CostOf(ReadOnlyMemory<byte> output) => output.Span.IndexOf("\"cost\""u8) < 0 ? null : Cost.Of(DurableJson.Parse(output), json);

    private CacheNote? NoteOf(ReadOnlyMemory<byte> output) => output.Span.IndexOf("\"cache\""u8) < 0 ? null : CacheNotes.Of(DurableJson.Parse(output), json);
}
