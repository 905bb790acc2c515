using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Local.Engine.Effects;

namespace AgentFunctions.Local.Engine;

/// <summary>Activities that wait for a place, by the priority of their run. Of 16 places that come free, background gets at least one and workflow at least four, so nothing starves.</summary>
internal sealed class ActivityLanes
{
    private static readonly RunPriority[] Turns = Enumerable.Range(0, 16)
        .Select(i => i == 15 ? RunPriority.Background : i % 4 == 3 || i == 6 ? RunPriority.Workflow : RunPriority.Interactive).ToArray();

    private readonly Dictionary<RunPriority, LinkedList<ActivityWork>> lanes = new()
    {
        [RunPriority.Interactive] = new(),
        [RunPriority.Workflow] = new(),
        [RunPriority.Background] = new(),
    };

    private readonly Dictionary<(long Handle, int CallId), LinkedListNode<ActivityWork>> places = [];
    private int turn;

    public int Count => places.Count;

    public LaneCounts Counts => new(lanes[RunPriority.Interactive].Count, lanes[RunPriority.Workflow].Count, lanes[RunPriority.Background].Count);

    public void Add(ActivityWork work) => places[(work.Handle, work.CallId)] = lanes[work.Priority].AddLast(work);

    public bool Remove(long handle, int callId)
    {
        if (!places.Remove((handle, callId), out var place))
        {
            return false;
        }

        place.List!.Remove(place);
        return true;
    }

    public ActivityWork? Take()
    {
        if (Count == 0)
        {
            return null;
        }

        turn = (turn + 1) % Turns.Length;
        var lane = lanes[Turns[turn]].Count > 0 ? lanes[Turns[turn]] : FirstWithWork();
        var work = lane.First!.Value;
        lane.RemoveFirst();
        places.Remove((work.Handle, work.CallId));
        return work;
    }

    private LinkedList<ActivityWork> FirstWithWork() =>
        lanes[RunPriority.Interactive].Count > 0 ? lanes[RunPriority.Interactive]
        : lanes[RunPriority.Workflow].Count > 0 ? lanes[RunPriority.Workflow]
        : lanes[RunPriority.Background];
}
