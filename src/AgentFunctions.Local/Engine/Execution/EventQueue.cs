using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Engine.Execution;

/// <summary>External events by name, without regard to case: those that came early, and those who wait. One of the two is always empty.</summary>
internal sealed class EventQueue
{
    private readonly List<EventRaised> early = [];
    private readonly Dictionary<string, LinkedList<OpenCall>> waiting = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Events that nothing has waited for, in the order of arrival.</summary>
    public IReadOnlyList<EventRaised> Unprocessed => early;

    public void Deliver(EventRaised raised)
    {
        if (waiting.TryGetValue(raised.Name, out var queue) && queue.First is { } first)
        {
            queue.RemoveFirst();
            first.Value.Registration.Dispose();
            first.Value.Complete(raised.Payload);
            return;
        }

        early.Add(raised);
    }

    public EventRaised? TakeEarly(string name)
    {
        var index = early.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            return null;
        }

        var raised = early[index];
        early.RemoveAt(index);
        return raised;
    }

    public LinkedListNode<OpenCall> Wait(string name, OpenCall call)
    {
        if (!waiting.TryGetValue(name, out var queue))
        {
            waiting[name] = queue = new LinkedList<OpenCall>();
        }

        return queue.AddLast(call);
    }
}
