using System.Globalization;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>What has become of the items so far.</summary>
internal sealed class PipelineTally(PipelineInput input, int first)
{
    private readonly ItemValue[] values = [.. input.Items.Select(item => new ItemValue { Value = item.Value, Ref = item.Ref, IsText = item.IsText })];
    private readonly (BranchStatus Status, FailureDetails? Error)[] ends = [.. input.Items.Select(_ => (BranchStatus.Skipped, (FailureDetails?)null))];
    private readonly int[] stageOf = new int[input.Items.Count];
    private readonly int[] started = new int[input.Stages.Count];
    private readonly int[] succeeded = new int[input.Stages.Count];
    private readonly int[] cached = new int[input.Stages.Count];
    private readonly bool[] isMade = new bool[input.Items.Count];
    private readonly TimeSpan[] busy = new TimeSpan[input.Stages.Count];
    private readonly Cost?[] costs = new Cost?[input.Stages.Count];

    /// <summary>How many items have come through or failed.</summary>
    public int Done { get; private set; }

    /// <summary>The stage in which a failure stopped everything.</summary>
    public string? StoppedBy { get; set; }

    /// <summary>What a model remarked.</summary>
    public string? Notice { get; set; }

    public string Key(int item) => input.Items[item].Key ?? (first + item).ToString(CultureInfo.InvariantCulture);

    /// <summary>What the last stage made of an item.</summary>
    public ItemValue Value(int item) => values[item];

    public void Begun(int item, int stage)
    {
        started[stage]++;
        stageOf[item] = stage;
    }

    public void Ended(int item, int stage, Branch<ItemReply> outcome)
    {
        busy[stage] += outcome.Elapsed;
        costs[stage] = Cost.Sum([costs[stage], outcome.Cost]);
        if (outcome.Value is { } reply)
        {
            succeeded[stage]++;
            if (outcome.Status == BranchStatus.Cached) cached[stage]++;
            else isMade[item] = true;
            values[item] = reply.Item;
            stageOf[item] = stage + 1;
            if (stage + 1 < input.Stages.Count) return;
        }

        // An item is from the cache where all that was made of it is.
        ends[item] = (outcome.IsSuccess ? isMade[item] ? BranchStatus.Succeeded : BranchStatus.Cached : outcome.Status, outcome.Error);
        Done++;
    }

    public PipelineResult Result()
    {
        return new()
        {
            Complete = Array.TrueForAll(ends, end => end.Status is BranchStatus.Succeeded or BranchStatus.Cached),
            StoppedBy = StoppedBy,
            Items = [.. Enumerable.Range(0, ends.Length).Select(Outcome)],
            Stages = [.. input.Stages.Select((stage, place) => new PipelineStageOutcome { Key = stage.Key, Started = started[place], Succeeded = succeeded[place], Cached = cached[place], Busy = busy[place], Cost = costs[place] })],
            Cost = Cost.Sum(costs),
            Notice = Notice,
        };
    }

    private PipelineItemOutcome Outcome(int item)
    {
        var hasValue = stageOf[item] > 0;
        return new()
        {
            Key = Key(item),
            Status = ends[item].Status,
            Stage = stageOf[item] < input.Stages.Count ? input.Stages[stageOf[item]].Key : null,
            Value = hasValue ? values[item].Value : null,
            Ref = hasValue ? values[item].Ref : null,
            Error = ends[item].Error,
        };
    }
}
