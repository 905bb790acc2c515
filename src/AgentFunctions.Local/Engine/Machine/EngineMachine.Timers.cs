using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.State;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Durable timers: kept in order of time; one that was given up is dropped when it comes up, or when too many such are kept.</summary>
internal sealed partial class EngineMachine
{
    private const int TimersKeptWithoutCleaning = 4096;
    private PriorityQueue<(long Handle, int CallId), (long Ticks, long Order)> timers = new();
    private long timerOrder;
    private long liveTimers;

    /// <summary>When the next timer is due, or null.</summary>
    public DateTimeOffset? NextTimer => timers.TryPeek(out _, out var due) ? new DateTimeOffset(due.Ticks, TimeSpan.Zero) : null;

    /// <summary>Fires one timer that is due.</summary>
    /// <returns>False when none is due.</returns>
    public bool FireTimer(DateTimeOffset utcNow)
    {
        now = utcNow > now ? utcNow : now;
        while (timers.TryPeek(out var timer, out var due) && due.Ticks <= now.UtcTicks)
        {
            timers.Dequeue();
            if (Waits(timer.Handle, timer.CallId) is { } instance)
            {
                RunTurn(instance, new TimerFired(timer.CallId));
                Commit();
                return true;
            }
        }

        return false;
    }

    /// <summary>How many timers are kept, given up ones included.</summary>
    public int TimersKept => timers.Count;

    /// <summary>Adds the timers of a turn that the run now waits for. Those that it created and gave up at once never were.</summary>
    private void AddTimers(Instance instance, IReadOnlyList<RequestEvent> requests)
    {
        for (var i = 0; i < requests.Count; i++)
        {
            if (requests[i] is TimerCreated timer && instance.Pending.ContainsKey(timer.CallId))
            {
                AddTimer(instance.Handle, timer.CallId, timer.FireAt);
            }
        }
    }

    private void AddTimer(long handle, int callId, DateTimeOffset fireAt)
    {
        if (timers.Count > TimersKeptWithoutCleaning && timers.Count > 2 * liveTimers)
        {
            var kept = timers.UnorderedItems.Where(t => Waits(t.Element.Handle, t.Element.CallId) is not null).ToList();
            timers = new(kept);
        }

        timers.Enqueue((handle, callId), (fireAt.UtcTicks, timerOrder++));
    }

    private Instance? Waits(long handle, int callId) =>
        byHandle.TryGetValue(handle, out var instance) && instance.Pending.TryGetValue(callId, out var call) && call.Kind == PendingKind.Timer ? instance : null;
}
