using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Sub-orchestrations: runs that answer to a run.</summary>
internal sealed partial class EngineMachine
{
    private void StartSub(StartSubOrchestration message)
    {
        if (!byHandle.TryGetValue(message.ParentHandle, out var parent) || !parent.Pending.ContainsKey(message.CallId))
        {
            return;
        }

        if (byId.TryGetValue(message.InstanceId, out var taken))
        {
            if (taken.ParentHandle != parent.Handle || taken.ParentCallId != message.CallId)
            {
                FailSub(parent, message, "InstanceIdTakenException", $"The instance ID '{message.InstanceId}' is already taken by a run of '{taken.Name}' ({taken.Status}). Choose another, or purge that run first.");
            }
        }
        else if (!catalog.Orchestrators.TryGetValue(message.Name, out var registration))
        {
            FailSub(parent, message, nameof(OrchestratorNotFoundException), new OrchestratorNotFoundException(message.Name, catalog.Orchestrators.Keys).Message);
        }
        else
        {
            Begin(new ExecutionStarted
            {
                InstanceId = message.InstanceId,
                Name = registration.Name,
                Input = message.Input,
                CreatedAt = now,
                Priority = parent.Priority,
                Budget = parent.Budget,
                ParentInstanceId = parent.Id,
                ParentHandle = parent.Handle,
                ParentCallId = message.CallId,
            });
        }
    }

    private void FailSub(Instance parent, StartSubOrchestration message, string type, string text) =>
        RunTurn(parent, new CallFailed(message.CallId, new FailureDetails { Type = type, Message = text, Permanent = true, Step = message.Name }, now));

    private void AddToParent(long parentHandle, long handle)
    {
        if (parentHandle != 0 && byHandle.TryGetValue(parentHandle, out var parent))
        {
            (parent.Children ??= []).Add(handle);
        }
    }

    private void TerminateSub(TerminateSubOrchestration message)
    {
        if (byId.TryGetValue(message.InstanceId, out var child) && child.ParentHandle == message.ParentHandle && !child.Status.IsFinal())
        {
            EndFromOutside(child, new ExecutionTerminated(message.Reason));
        }
    }
}
