using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>A fan-out over an activity that is too large for one history: its slices are sub-orchestrations.</summary>
internal sealed class SlicedFanOut<TInput, TOutput>(
    OrchestrationContext context,
    ActivityReference<TInput, TOutput> activity,
    IReadOnlyList<BranchInput<TInput>> inputs,
    FanOutOptions options,
    Action<FanOutProgress>? progress)
{
    private static readonly OrchestratorReference<FanOutSliceInput<TInput>, FanOutSliceResult<TOutput>> SliceReference = new(OrchestratorReferences.FanOutSlice.Name);

    private readonly FanOutTally tally = new(inputs.Count, options);
    private readonly HashSet<string> critical = new(options.Critical, StringComparer.Ordinal);
    private readonly Branch<TOutput>[] outcomes = new Branch<TOutput>[inputs.Count];

    public async Task<IReadOnlyList<Branch<TOutput>>> RunAsync(CancellationToken cancellationToken)
    {
        var plan = SlicePlan.For(inputs.Count, options.ChildFanOut, options.MaxParallel);
        var shares = new Queue<int>(plan.Shares);
        var bodies = plan.Slices.Select((slice, number) => new BranchBody<FanOutSliceResult<TOutput>>(
            $"slice {number + 1} of {plan.Slices.Count}",
            token => RunSliceAsync(slice, number, plan.Slices.Count, shares, token)));
        var places = new FanOutOptions { MaxParallel = plan.Shares.Count, Retry = RetryPolicy.None };
        var slices = await new FanOutRun<FanOutSliceResult<TOutput>>(context, [.. bodies], places, (number, outcome) => Ended(plan.Slices[number], outcome)).RunAsync(cancellationToken);
        for (var number = 0; number < slices.Count; number++)
        {
            if (slices[number].Status == BranchStatus.Skipped) Spread(plan.Slices[number], slices[number]);
        }

        return Array.IndexOf(outcomes, null) is var lost and >= 0
            ? throw new InvalidOperationException($"Branch '{inputs[lost].Key}' ({lost + 1} of {inputs.Count}) has no outcome. This is a defect in FanOut; report it.")
            : outcomes;
    }

    private async Task<FanOutSliceResult<TOutput>> RunSliceAsync(Slice slice, int number, int count, Queue<int> shares, CancellationToken token)
    {
        var share = shares.Dequeue();
        try
        {
            var branches = inputs.Skip(slice.First).Take(slice.Count).ToList();
            var input = new FanOutSliceInput<TInput>
            {
                Activity = activity.Name,
                Branches = branches,
                Options = options with
                {
                    MaxParallel = share,
                    Quorum = tally.Wanting < slice.Count ? Quorum.AtLeast(Math.Max(1, tally.Wanting)) : Quorum.All,
                    Critical = [.. branches.Select(branch => branch.Key).Where(critical.Contains)],
                    ChildFanOut = Math.Max(options.ChildFanOut, slice.Count),
                },
            };
            var result = await context.CallSubOrchestratorAsync(SliceReference, input, options: new CallOptions { Label = $"slice {number + 1} of {count}", Cancellation = token });
            return result.Branches.Count == slice.Count
                ? result
                : throw new InvalidOperationException($"Slice {number + 1} of {count} has {slice.Count} branches but gave {result.Branches.Count} outcomes. This is a defect in FanOut; report it.");
        }
        finally
        {
            shares.Enqueue(share);
        }
    }

    private bool Ended(Slice slice, Branch<FanOutSliceResult<TOutput>> outcome)
    {
        Spread(slice, outcome);
        var enough = false;
        for (var place = slice.First; place < slice.First + slice.Count; place++) enough |= tally.Add(outcomes[place]);
        progress?.Invoke(tally.Progress);
        return enough;
    }

    /// <summary>A slice's outcomes become the branches'; those of a slice that has none get the slice's own fate.</summary>
    private void Spread(Slice slice, Branch<FanOutSliceResult<TOutput>> outcome)
    {
        for (var i = 0; i < slice.Count; i++)
        {
            var place = slice.First + i;
            outcomes[place] = outcome.Value?.Branches[i] is { } branch
                ? branch with { Cost = (branch.Value as ICosted)?.Cost, Status = branch is { Status: BranchStatus.Succeeded, Value: ICached { Cache: not null } } ? BranchStatus.Cached : branch.Status }
                : new() { Key = inputs[place].Key, Status = outcome.Status, Error = outcome.Error, Elapsed = outcome.Elapsed };
        }
    }
}
