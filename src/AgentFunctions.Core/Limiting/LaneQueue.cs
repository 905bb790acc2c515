using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>
/// Who goes next: the one that is due first, where a lane's calls are due some time after they came. So an interactive call goes before background ones that came up
/// to 20 s earlier, and none waits for ever (earliest deadline first: Liu and Layland 1973). Not thread-safe.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
internal sealed class LaneQueue<T>
{
    private readonly Dictionary<RunPriority, LinkedList<(T Item, long Due)>> lanes = Enum.GetValues<RunPriority>().ToDictionary(lane => lane, _ => new LinkedList<(T, long)>());

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>How far a lane's calls stand back behind interactive ones: workflow 2 s, background 20 s.</summary>
    public static TimeSpan Ageing(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => TimeSpan.Zero,
        RunPriority.Workflow => TimeSpan.FromSeconds(2),
        _ => TimeSpan.FromSeconds(20),
    };

    /// <summary>Adds one that comes now.</summary>
    /// <returns>Takes it out again; false where it is out already.</returns>
    public Func<bool> Add(T item, RunPriority lane, long ticks)
    {
        var node = lanes[lane].AddLast((item, ticks + Ageing(lane).Ticks));
        Count++;
        return () =>
        {
            if (node.List is null) return false;
            node.List.Remove(node);
            Count--;
            return true;
        };
    }

    /// <summary>Takes out the one that is due first.</summary>
    public bool TryTake(out T item)
    {
        LinkedList<(T Item, long Due)>? first = null;
        foreach (var lane in lanes.Values)
        {
            if (lane.First is { } head && (first is null || head.Value.Due < first.First!.Value.Due)) first = lane;
        }

        if (first is null)
        {
            item = default!;
            return false;
        }

        item = first.First!.Value.Item;
        first.RemoveFirst();
        Count--;
        return true;
    }

    /// <summary>How many that wait would go before one that comes to this lane now.</summary>
    public int Ahead(RunPriority lane, long ticks)
    {
        var due = ticks + Ageing(lane).Ticks;
        return lanes.Values.Sum(waiting => waiting.Last is not { } last ? 0 : last.Value.Due <= due ? waiting.Count : waiting.TakeWhile(item => item.Due <= due).Count());
    }
}
