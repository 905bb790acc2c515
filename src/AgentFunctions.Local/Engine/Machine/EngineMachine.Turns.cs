using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Execution;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Turns: a run gets an input event, its orchestrator answers with requests.</summary>
internal sealed partial class EngineMachine
{
    private void RunTurn(Instance instance, InputEvent input)
    {
        IReadOnlyList<RequestEvent> requests;
        try
        {
            var execution = instance.Execution ??= input is ExecutionStarted started ? Load(instance.Handle, started) : ReadBack(instance);
            requests = execution.Turn(input, TurnTime(instance), isReplay: false);
        }
        catch (Exception e) when (e is NonDeterministicException or OrchestratorNotFoundException)
        {
            Abort(instance, FailureDetails.From(e) with { Permanent = true });
            return;
        }

        Record(instance, input, requests);
        if (options.ReplayEveryTurn)
        {
            instance.Execution = null;
        }
    }

    /// <summary>Ends a run without asking its orchestrator.</summary>
    private void EndFromOutside(Instance instance, InputEvent input) => Record(instance, input, []);

    private void Abort(Instance instance, FailureDetails failure) => EndFromOutside(instance, new ExecutionAborted(failure));

    private void AbortForForeignTask(ForeignTaskAwaited message)
    {
        if (byHandle.TryGetValue(message.Handle, out var instance) && !instance.Status.IsFinal())
        {
            Abort(instance, new FailureDetails
            {
                Type = "ForeignTaskException",
                Message = $"The orchestrator '{instance.Name}' awaited a task that its context did not give it (Task.Run, Task.Delay, an I/O call, ConfigureAwait(false)). Replay could not repeat that: move the work to an activity, or use the context's timer.",
                Permanent = true,
            });
        }
    }

    private void Record(Instance instance, InputEvent input, IReadOnlyList<RequestEvent> requests)
    {
        var at = TurnTime(instance);
        var before = record.Length;
        JournalRecord.WriteTurn(record, instance.Handle, at, input, requests);
        var bytes = record.Length - before;
        var timersBefore = instance.PendingTimers;
        if (input is ExecutionTerminated or ExecutionAborted)
        {
            GiveUpPending(instance, alsoChildren: true);
        }

        instance.Apply(at, input);
        var hasCustomStatus = false;
        foreach (var request in requests)
        {
            hasCustomStatus |= request is CustomStatusSet;
            Follow(instance, request);
        }

        instance.Apply(requests);
        liveTimers += instance.PendingTimers - timersBefore;
        // Only now does the run wait for them: before, they would look like timers that were given up.
        AddTimers(instance, requests);
        touched.Add((instance, hasCustomStatus, bytes));
        if (instance.Status.IsFinal())
        {
            Finish(instance, input, requests);
        }
        else
        {
            NoteIdle(instance);
        }
    }

    /// <summary>Does what a request asks for. The instance's pending calls are still without those of this turn.</summary>
    private void Follow(Instance instance, RequestEvent request)
    {
        switch (request)
        {
            case ActivityScheduled e:
                recordEffects.Add(new ActivityWork(instance, e.CallId, e.Name, e.Input));
                break;
            case SubOrchestrationScheduled e:
                internalMessages.Enqueue(new StartSubOrchestration(instance.Handle, e.CallId, e.Name, e.InstanceId, e.Input));
                break;
            case EntityCalled e:
                WaitForEntity(instance, e);
                break;
            case EntitySignalled e when instance.EntityCalls?.FindLast(c => c.Entity == e.Entity) is { } call:
                call.Then.Add(e);
                break;
            case EntitySignalled e:
                ApplySignal(e.Entity, e.Operation, e.Input);
                break;
            case CallCancelled e:
                GiveUp(instance, e.CallId);
                break;
            case ContinuedAsNew e:
                GiveUpPending(instance, alsoChildren: true);
                DropUnreleased(instance);
                internalMessages.Enqueue(new ContinueExecution(instance.Handle, e.Input, e.CarriedEvents));
                break;
            case ExecutionCompleted or ExecutionFailed:
                GiveUpPending(instance, alsoChildren: false);
                DropUnreleased(instance);
                break;
        }
    }

    private void GiveUp(Instance instance, int callId)
    {
        if (!instance.Pending.TryGetValue(callId, out var call))
        {
            // Asked for and given up within one turn: it has not been released yet.
            recordEffects.RemoveAll(e => e is ActivityWork work && work.Handle == instance.Handle && work.CallId == callId);
            return;
        }

        GiveUp(instance, callId, call);
    }

    private void GiveUp(Instance instance, int callId, PendingCall call)
    {
        if (call.Kind == PendingKind.Activity)
        {
            recordEffects.Add(new ActivityCancellation(instance.Handle, callId));
        }
        else if (call.Kind == PendingKind.SubOrchestration)
        {
            internalMessages.Enqueue(new TerminateSubOrchestration(call.SubInstanceId!, instance.Handle, $"Its parent '{instance.Id}' no longer waits for it."));
        }
    }

    /// <summary>Activities that the turn which ends the execution asked for: nobody waits for them, so they are not begun.</summary>
    private void DropUnreleased(Instance instance) => recordEffects.RemoveAll(e => e is ActivityWork work && work.Handle == instance.Handle);

    private void GiveUpPending(Instance instance, bool alsoChildren)
    {
        DropEntityCalls(instance);
        foreach (var (callId, call) in instance.Pending)
        {
            if (call.Kind != PendingKind.SubOrchestration || alsoChildren)
            {
                GiveUp(instance, callId, call);
            }
        }
    }

    private void Finish(Instance instance, InputEvent input, IReadOnlyList<RequestEvent> requests)
    {
        instance.Execution = null;
        LeaveIdle(instance);
        if (instance.ParentHandle == 0)
        {
            return;
        }

        internalMessages.Enqueue(OutcomeOf(instance, input, requests));
    }

    /// <summary>What an ended sub-orchestration tells its parent.</summary>
    private static ActivityEnded OutcomeOf(Instance child, InputEvent input, IReadOnlyList<RequestEvent> requests)
    {
        var (output, failure) = (requests.Count > 0 ? requests[^1] : null, input) switch
        {
            (ExecutionCompleted e, _) => (e.Output, null),
            (ExecutionFailed e, _) => (default, e.Failure),
            (_, ExecutionAborted e) => (default, e.Failure),
            (_, ExecutionTerminated e) => (default(ReadOnlyMemory<byte>), new FailureDetails { Type = "RunTerminatedException", Message = $"The run '{child.Id}' was terminated{(e.Reason is null ? "." : $": {e.Reason}")}", Permanent = true }),
            _ => throw new InvalidOperationException($"{input.GetType().Name} did not end the run '{child.Id}'."),
        };
        return new ActivityEnded(child.ParentHandle, child.ParentCallId, output, failure is null ? null : failure with { Step = child.Name }, child.CreatedAt);
    }

    private void EndActivity(ActivityEnded message)
    {
        // An outcome that nobody waits for any more (given up, ended, or delivered before) fits no pending call.
        if (byHandle.TryGetValue(message.Handle, out var instance) && instance.Pending.TryGetValue(message.CallId, out var call) && call.Kind is PendingKind.Activity or PendingKind.SubOrchestration)
        {
            RunTurn(instance, message.Failure is null
                ? new CallCompleted(message.CallId, message.Output, message.StartedAt)
                : new CallFailed(message.CallId, message.Failure, message.StartedAt));
        }
    }

    private OrchestratorExecution Load(long handle, ExecutionStarted started) =>
        new(catalog.Orchestrator(started.Name), catalog, started, loggers, () => ForeignTask?.Invoke(handle));

    /// <summary>Brings a run that has left memory back, by replaying its history.</summary>
    private OrchestratorExecution ReadBack(Instance instance)
    {
        EnsureWritten(instance.Positions.Last);

        OrchestratorExecution? execution = null;
        var number = 0;
        foreach (var turn in Snapshot(instance).Turns())
        {
            number++;
            execution ??= Load(instance.Handle, (ExecutionStarted)turn.Input);
            Replay.Repeat(execution, turn, number, strict: options.ReplayEveryTurn);
        }

        return execution ?? throw new InvalidDataException($"The run '{instance.Id}' has no history in the journal.");
    }

    private void EnsureWritten(JournalPosition position)
    {
        if (position.CompareTo(lastWritten) > 0)
        {
            writePending();
        }
    }

    private DateTimeOffset TurnTime(Instance instance) => now > instance.UpdatedAt ? now : instance.UpdatedAt;
}
