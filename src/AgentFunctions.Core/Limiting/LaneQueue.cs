using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>
/// Who goes next: the one that is due first, where a lane's calls are due some time after they came. So an interactive call goes before background ones that came up
/// to a minute earlier, and none waits for ever (earliest deadline first: Liu and Layland 1973). Every operation takes constant time, on average. Not thread-safe.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
/// <param name="standBack">How long after it came one of a lane is due. Default: <see cref="Ageing"/>.</param>
internal sealed class LaneQueue<T>(Func<RunPriority, TimeSpan>? standBack = null)
{
    private readonly Lane[] lanes = [.. Enum.GetValues<RunPriority>().Select(_ => new Lane())];
    private readonly Func<RunPriority, TimeSpan> standBack = standBack ?? Ageing;
    private long number;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>When the first is due; null where none waits.</summary>
    public long? FirstDue => First()?.Waiting.First!.Value.Due;

    /// <summary>How far a lane's calls stand back behind interactive ones: workflow 10 s, background a minute.</summary>
    public static TimeSpan Ageing(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => TimeSpan.Zero,
        RunPriority.Workflow => TimeSpan.FromSeconds(10),
        _ => TimeSpan.FromSeconds(60),
    };

    /// <summary>Adds one that comes now.</summary>
    /// <returns>Takes it out again; false where it is out already.</returns>
    public Func<bool> Add(T item, RunPriority lane, long ticks)
    {
        var into = lanes[(int)lane];
        var node = into.Add(new Entry(item, ticks + standBack(lane).Ticks, number++));
        Count++;
        return () =>
        {
            if (node.List is null) return false;
            into.Remove(node);
            Count--;
            return true;
        };
    }

    /// <summary>Takes out the one that is due first.</summary>
    public bool TryTake(out T item)
    {
        if (!TryPeek(out item)) return false;
        var first = First()!;
        first.Remove(first.Waiting.First!);
        Count--;
        return true;
    }

    /// <summary>Looks at the one that is due first.</summary>
    public bool TryPeek(out T item)
    {
        var first = First();
        item = first is null ? default! : first.Waiting.First!.Value.Item;
        return first is not null;
    }

    /// <summary>How many that wait would go before one that comes to this lane now. The times that are asked for must not go back.</summary>
    public int Ahead(RunPriority lane, long ticks)
    {
        var (due, ahead) = (ticks + standBack(lane).Ticks, 0);
        foreach (var waiting in lanes) ahead += waiting.DueBy(due, (int)lane);
        return ahead;
    }

    private Lane? First()
    {
        Lane? first = null;
        foreach (var lane in lanes)
        {
            if (lane.Waiting.First is { } head && (first is null || head.Value.Due < first.Waiting.First!.Value.Due)) first = lane;
        }

        return first;
    }

    private sealed record Entry(T Item, long Due, long Number);

    /// <summary>Those of one lane, in the order they came, and for each lane that may ask how many of them are due before its next: as time goes on these only grow at their end.</summary>
    private sealed class Lane
    {
        private readonly (LinkedListNode<Entry>? Next, int Passed)[] seen = new (LinkedListNode<Entry>?, int)[Enum.GetValues<RunPriority>().Length];

        public LinkedList<Entry> Waiting { get; } = new();

        public LinkedListNode<Entry> Add(Entry entry)
        {
            var node = Waiting.AddLast(entry);
            for (var asker = 0; asker < seen.Length; asker++) seen[asker].Next ??= node;
            return node;
        }

        public void Remove(LinkedListNode<Entry> node)
        {
            for (var asker = 0; asker < seen.Length; asker++)
            {
                ref var view = ref seen[asker];
                if (view.Next == node) view.Next = node.Next;
                else if (view.Next is null || node.Value.Number < view.Next.Value.Number) view.Passed--;
            }

            Waiting.Remove(node);
        }

        public int DueBy(long due, int asker)
        {
            ref var view = ref seen[asker];
            for (; view.Next is { } next && next.Value.Due <= due; view.Next = next.Next) view.Passed++;
            return view.Passed;
        }
    }
}
