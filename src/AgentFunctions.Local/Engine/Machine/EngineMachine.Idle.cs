using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Runs that wait only for timers and events leave memory, the longest idle first; the next input replays them.</summary>
internal sealed partial class EngineMachine
{
    /// <summary>How many idle runs are in memory.</summary>
    public int IdleInMemory => idle.Count;

    private void NoteIdle(Instance instance)
    {
        LeaveIdle(instance);
        if (instance.PendingWork == 0 && !instance.AwaitsContinuation && !instance.Status.IsFinal())
        {
            instance.IdleNode = idle.AddLast(instance);
        }
    }

    private void LeaveIdle(Instance instance)
    {
        if (instance.IdleNode is { } node)
        {
            idle.Remove(node);
            instance.IdleNode = null;
        }
    }

    private void EvictIdle()
    {
        while (idle.Count > options.MaxIdleInMemory && idle.First is { } longest)
        {
            longest.Value.Execution = null;
            LeaveIdle(longest.Value);
        }
    }
}
