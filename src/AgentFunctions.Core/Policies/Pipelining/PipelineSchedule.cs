namespace AgentFunctions.Core.Policies.Pipelining;

/// <summary>
/// Which item begins which stage when: a bounded buffer before each stage but the first, and no stage above its parallelism. An item begins a stage only where
/// its place in the next buffer is free, so whatever runs can always move on: there is no deadlock. It has no clock, thread or I/O: equal calls in equal order
/// give equal answers.
/// </summary>
/// <param name="items">How many items.</param>
/// <param name="stages">The stages, in order.</param>
/// <param name="ordered">Whether items begin every stage in the order of the input.</param>
public sealed class PipelineSchedule(int items, IReadOnlyList<PipelineLimits> stages, bool ordered)
{
    // Unordered, the priority is the order of arrival.
    private readonly PriorityQueue<int, int>[] waiting = [.. stages.Select(_ => new PriorityQueue<int, int>())];
    private readonly int[] running = new int[stages.Count];
    private readonly int[] turn = new int[stages.Count];
    private readonly int[] lastStage = [.. Enumerable.Repeat(int.MaxValue, items)];
    private int arrivals;
    private int next;
    private bool stopped;

    /// <summary>Whether nothing runs and nothing will begin.</summary>
    public bool IsOver => running.All(count => count == 0) && (stopped || (next == items && waiting.All(queue => queue.Count == 0)));

    /// <summary>How many items wait for a stage; for the first, those that have not begun.</summary>
    /// <param name="stage">The stage, from 0.</param>
    public int Waiting(int stage) => stage == 0 ? items - next : waiting[stage].Count;

    /// <summary>How many items are in a stage.</summary>
    /// <param name="stage">The stage, from 0.</param>
    public int Running(int stage) => running[stage];

    /// <summary>Begins everything that may begin. Later stages come first, as that makes room for earlier ones.</summary>
    /// <returns>What begins, in order.</returns>
    public IReadOnlyList<PipelineStart> Begin()
    {
        var starts = new List<PipelineStart>();
        for (var stage = stages.Count - 1; stage >= 0 && !stopped; stage--)
        {
            while (HasRoom(stage) && TryTake(stage, out var item))
            {
                running[stage]++;
                starts.Add(new(item, stage));
            }
        }

        return starts;
    }

    /// <summary>An item has ended a stage.</summary>
    /// <param name="item">The item.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="goesOn">Whether it goes on to the next stage, where there is one.</param>
    public void Ended(int item, int stage, bool goesOn)
    {
        running[stage]--;
        if (!goesOn) lastStage[item] = stage;
        else if (stage + 1 < stages.Count) waiting[stage + 1].Enqueue(item, ordered ? item : arrivals++);
    }

    /// <summary>Nothing begins any more.</summary>
    public void Stop() => stopped = true;

    private bool HasRoom(int stage) =>
        running[stage] < stages[stage].MaxParallel && (stage + 1 == stages.Count || waiting[stage + 1].Count + running[stage] < stages[stage + 1].Buffer);

    private bool TryTake(int stage, out int item)
    {
        if (stage == 0)
        {
            item = next;
            if (next == items) return false;
            next++;
            return true;
        }

        if (!waiting[stage].TryPeek(out item, out _)) return false;
        if (ordered)
        {
            // Items that ended in an earlier stage never come.
            while (turn[stage] < items && lastStage[turn[stage]] < stage) turn[stage]++;
            if (item != turn[stage]) return false;
            turn[stage]++;
        }

        waiting[stage].Dequeue();
        return true;
    }
}

/// <summary>The bounds of a stage.</summary>
/// <param name="MaxParallel">How many items are in it at once, at least 1.</param>
/// <param name="Buffer">How many items are on their way to it, at least 1: waiting for it, or in the stage before. Does not matter for the first.</param>
public sealed record PipelineLimits(int MaxParallel, int Buffer);

/// <summary>An item begins a stage.</summary>
/// <param name="Item">The item, from 0.</param>
/// <param name="Stage">The stage, from 0.</param>
public sealed record PipelineStart(int Item, int Stage);
