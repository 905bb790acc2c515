using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>Maps more chunks than one history should hold: each share goes to a sub-orchestration, which gives one partial result.</summary>
internal static class MapReduceSlices
{
    public static async Task<IReadOnlyList<Partial>> MapAsync(OrchestrationContext context, MapReducePlan plan, int chunks, MapReduceTally tally)
    {
        var slicing = SlicePlan.For(chunks, MapReducePlan.SliceChunks, plan.MaxParallel);
        var shares = new Queue<int>(slicing.Shares);
        var status = new ProgressStatus(context, "map", chunks);
        var mapped = 0;
        var bodies = slicing.Slices.Select(slice => new BranchBody<MapReduceSliceResult>(Name(slice), token => RunSliceAsync(slice, token)));
        var branches = await FanOut.RunAsync(context, [.. bodies], new FanOutOptions { MaxParallel = slicing.Shares.Count, Retry = RetryPolicy.None });

        var partials = new List<Partial>(branches.Count);
        for (var i = 0; i < branches.Count; i++)
        {
            var slice = slicing.Slices[i];
            if (branches[i].Value is not { } result)
            {
                tally.AddMissing(slice, $"Its share ({Name(slice)})", branches[i].Error);
                continue;
            }

            tally.AddSlice(result);
            if (result.Text is { } text) partials.Add(new(text, slice, slice.Count - result.Missing.Count));
        }

        return partials;

        async Task<MapReduceSliceResult> RunSliceAsync(Slice slice, CancellationToken token)
        {
            var share = shares.Dequeue();
            try
            {
                var input = new MapReduceSliceInput(plan with { MaxParallel = share }, slice.First, slice.Count);
                return await context.CallSubOrchestratorAsync(OrchestratorReferences.MapReduceSlice, input, options: new CallOptions { Label = Name(slice), Cancellation = token });
            }
            finally
            {
                shares.Enqueue(share);
                status.Report(mapped += slice.Count);
            }
        }
    }

    private static string Name(Slice slice) => $"chunks {slice.First} to {slice.First + slice.Count - 1}";
}
