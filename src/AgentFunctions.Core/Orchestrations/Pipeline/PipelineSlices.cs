using System.Globalization;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>Runs more items than one history should hold: each share of them goes through all stages in a sub-orchestration, a few shares at once.</summary>
internal static class PipelineSlices
{
    /// <summary>The largest number of items that one run holds.</summary>
    public const int SliceItems = 500;

    public static async Task<PipelineResult> RunAsync(OrchestrationContext context, PipelineInput input)
    {
        PipelineItem[][] slices = [.. input.Items.Chunk(SliceItems)];
        var lanes = PipelineShape.Lanes(input, slices.Length);
        var free = new Queue<IReadOnlyList<PipelineStage>>(lanes);
        var status = new ProgressStatus(context, "items", input.Items.Count);
        var done = 0;
        var options = new FanOutOptions { MaxParallel = lanes.Count, Retry = RetryPolicy.None };
        var bodies = slices.Select((items, slice) => new BranchBody<PipelineResult>(Name(slice, items), token => RunSliceAsync(items, slice, token)));
        var branches = await new FanOutRun<PipelineResult>(context, [.. bodies], options, Ended).RunAsync(CancellationToken.None);
        return Joined(input, slices, branches);

        async Task<PipelineResult> RunSliceAsync(PipelineItem[] items, int slice, CancellationToken token)
        {
            var stages = free.Dequeue();
            try
            {
                var share = new PipelineSliceInput(input with { Items = items, Stages = stages }, slice * SliceItems);
                return await context.CallSubOrchestratorAsync(OrchestratorReferences.PipelineSlice, share, options: new CallOptions { Label = Name(slice, items), Cancellation = token });
            }
            finally
            {
                free.Enqueue(stages);
            }
        }

        bool Ended(int slice, Branch<PipelineResult> branch)
        {
            status.Report(done += slices[slice].Length);
            return branch.Value?.StoppedBy is not null;
        }
    }

    private static string Name(int slice, PipelineItem[] items) => string.Create(CultureInfo.InvariantCulture, $"items {slice * SliceItems} to {(slice * SliceItems) + items.Length - 1}");

    /// <summary>The shares' results as one. What a share that failed or was given up had come to is lost; its items say so.</summary>
    private static PipelineResult Joined(PipelineInput input, PipelineItem[][] slices, IReadOnlyList<Branch<PipelineResult>> branches)
    {
        var results = branches.Select(branch => branch.Value).OfType<PipelineResult>().ToList();
        return new()
        {
            Complete = branches.All(branch => branch.Value is { Complete: true }),
            StoppedBy = results.Find(result => result.StoppedBy is not null)?.StoppedBy,
            Items = [.. branches.SelectMany((branch, slice) => branch.Value?.Items ?? [.. slices[slice].Select((item, place) => Lost(item, (slice * SliceItems) + place, branch))])],
            Stages = [.. input.Stages.Select((stage, place) => Sum(stage.Key, [.. results.Select(result => result.Stages[place])]))],
            Cost = Cost.Sum(results.Select(result => result.Cost)),
            Notice = results.Find(result => result.Notice is not null)?.Notice,
        };
    }

    private static PipelineItemOutcome Lost(PipelineItem item, int place, Branch<PipelineResult> branch) =>
        new() { Key = item.Key ?? place.ToString(CultureInfo.InvariantCulture), Status = branch.Status, Error = branch.Error };

    private static PipelineStageOutcome Sum(string key, List<PipelineStageOutcome> parts)
    {
        return new()
        {
            Key = key,
            Started = parts.Sum(part => part.Started),
            Succeeded = parts.Sum(part => part.Succeeded),
            Cached = parts.Sum(part => part.Cached),
            Busy = TimeSpan.FromTicks(parts.Sum(part => part.Busy.Ticks)),
            Cost = Cost.Sum(parts.Select(part => part.Cost)),
        };
    }
}
