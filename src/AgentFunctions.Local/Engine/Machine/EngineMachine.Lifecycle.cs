using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Start, steer, restart and purge.</summary>
internal sealed partial class EngineMachine
{
    private void Start(StartRun message)
    {
        if (!catalog.Orchestrators.TryGetValue(message.Orchestrator, out var registration))
        {
            Refuse(message, new OrchestratorNotFoundException(message.Orchestrator, catalog.PublicOrchestratorNames));
        }
        else if (byId.ContainsKey(message.InstanceId))
        {
            Answer(message, new StartedRun(message.InstanceId, Created: false));
        }
        else
        {
            Begin(new ExecutionStarted { InstanceId = message.InstanceId, Name = registration.Name, Input = message.Input, CreatedAt = now, Priority = message.Priority, Budget = message.Budget });
            Answer(message, new StartedRun(message.InstanceId, Created: true));
        }
    }

    private void Begin(ExecutionStarted started)
    {
        var instance = new Instance(++lastHandle);
        byHandle.Add(instance.Handle, instance);
        byId.Add(started.InstanceId, instance);
        AddToParent(started.ParentHandle, instance.Handle);
        RunTurn(instance, started);
    }

    private void Continue(ContinueExecution message)
    {
        if (!byHandle.TryGetValue(message.Handle, out var instance) || !instance.AwaitsContinuation || instance.Status.IsFinal())
        {
            return;
        }

        needed -= instance.Bytes;
        instance.Execution = null;
        RunTurn(instance, new ExecutionStarted
        {
            InstanceId = instance.Id,
            Name = instance.Name,
            Input = message.Input,
            CreatedAt = instance.CreatedAt,
            Priority = instance.Priority,
            Budget = instance.Budget,
            ParentInstanceId = instance.ParentId,
            ParentHandle = instance.ParentHandle,
            ParentCallId = instance.ParentCallId,
            FirstCallId = instance.NextCallId,
            FirstSequence = instance.Sequence,
            CarriedEvents = message.CarriedEvents,
        });
    }

    private void Steer(EngineRequest<bool> message, string instanceId, InputEvent input)
    {
        if (Steerable(message, instanceId) is not { } instance)
        {
            return;
        }

        if (instance.AwaitsContinuation)
        {
            // The next execution starts with the next message; the event is for it.
            internalMessages.Enqueue(message);
            return;
        }

        RunTurn(instance, input);
        Answer(message, true);
    }

    private void Suspend(SuspendRun message)
    {
        if (byId.TryGetValue(message.InstanceId, out var instance) && instance.Status == RuntimeStatus.Suspended)
        {
            Answer(message, true);
            return;
        }

        Steer(message, message.InstanceId, new ExecutionSuspended(message.Reason));
    }

    private void Resume(ResumeRun message)
    {
        if (byId.TryGetValue(message.InstanceId, out var instance) && instance.Status is RuntimeStatus.Running)
        {
            Answer(message, true);
            return;
        }

        Steer(message, message.InstanceId, new ExecutionResumed(message.Reason));
    }

    private void Terminate(TerminateRun message)
    {
        if (!byId.TryGetValue(message.InstanceId, out var instance))
        {
            Refuse(message, new RunNotFoundException(message.InstanceId));
            return;
        }

        if (!instance.Status.IsFinal())
        {
            EndFromOutside(instance, new ExecutionTerminated(message.Reason));
        }

        Answer(message, true);
    }

    private void Restart(RestartRun message)
    {
        if (!byId.TryGetValue(message.InstanceId, out var instance))
        {
            Refuse(message, new RunNotFoundException(message.InstanceId));
            return;
        }

        var inPlace = message.NewInstanceId == message.InstanceId;
        if (inPlace && !instance.Status.IsFinal())
        {
            Refuse(message, new RunNotEndedException(message.InstanceId, instance.Status));
            return;
        }

        EnsureWritten(instance.Positions.Last);

        var started = Snapshot(instance).Started();
        if (!catalog.Orchestrators.ContainsKey(started.Name))
        {
            Refuse(message, new OrchestratorNotFoundException(started.Name, catalog.PublicOrchestratorNames));
            return;
        }

        if (inPlace)
        {
            Remove(instance);
        }

        // Under the same instance ID, calls go on counting: an idempotency key, a GUID or a sub-orchestration's ID of the old run is not used again.
        var firstCall = inPlace ? instance.NextCallId + 1 : 0;
        Begin(new ExecutionStarted { InstanceId = message.NewInstanceId, Name = started.Name, Input = started.Input, CreatedAt = now, Priority = started.Priority, Budget = started.Budget, FirstCallId = firstCall });
        Answer(message, message.NewInstanceId);
    }

    private void Purge(PurgeRun message)
    {
        if (!byId.TryGetValue(message.InstanceId, out var instance))
        {
            Refuse(message, new RunNotFoundException(message.InstanceId));
        }
        else if (!instance.Status.IsFinal())
        {
            Refuse(message, new RunNotEndedException(message.InstanceId, instance.Status));
        }
        else
        {
            Answer(message, Remove(instance));
        }
    }

    /// <summary>Removes an ended run and those of its sub-orchestrations that have ended.</summary>
    private int Remove(Instance root)
    {
        var removed = 0;
        var rest = new Stack<Instance>([root]);
        while (rest.TryPop(out var instance))
        {
            foreach (var child in instance.Children ?? [])
            {
                if (byHandle.TryGetValue(child, out var found) && found.Status.IsFinal())
                {
                    rest.Push(found);
                }
            }

            JournalRecord.WritePurge(record, instance.Handle);
            Forget(instance);
            removed++;
        }

        return removed;
    }

    private void Forget(Instance instance)
    {
        needed -= instance.Bytes;
        byHandle.Remove(instance.Handle);
        if (instance.ParentHandle != 0 && byHandle.TryGetValue(instance.ParentHandle, out var parent))
        {
            parent.Children?.Remove(instance.Handle);
        }

        if (byId.TryGetValue(instance.Id, out var current) && ReferenceEquals(current, instance))
        {
            byId.Remove(instance.Id);
        }
    }

    private Instance? Steerable(EngineRequest<bool> message, string instanceId)
    {
        if (!byId.TryGetValue(instanceId, out var instance))
        {
            Refuse(message, new RunNotFoundException(instanceId));
            return null;
        }

        if (instance.Status.IsFinal())
        {
            Refuse(message, new RunEndedException(instanceId, instance.Status));
            return null;
        }

        return instance;
    }
}
