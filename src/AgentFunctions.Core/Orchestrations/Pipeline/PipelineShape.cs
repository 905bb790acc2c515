using AgentFunctions.Core.Policies.Pipelining;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>The bounds of stages, and how large pipelines share them. Pure.</summary>
internal static class PipelineShape
{
    /// <summary>The most shares that run at once.</summary>
    public const int MostLanes = 4;

    /// <summary>The stages' bounds, with the default buffers.</summary>
    public static IReadOnlyList<PipelineLimits> Limits(IReadOnlyList<PipelineStage> stages) =>
        [.. stages.Select((stage, place) => new PipelineLimits(stage.MaxParallel, stage.Buffer ?? (place == 0 ? stage.MaxParallel : stages[place - 1].MaxParallel + stage.MaxParallel)))];

    /// <summary>The stages as each of the shares that run at once has them: bounds add up to no more than the whole's.</summary>
    public static IReadOnlyList<IReadOnlyList<PipelineStage>> Lanes(PipelineInput input, int slices)
    {
        var limits = Limits(input.Stages);

        // Shares that run side by side would not keep the order of items.
        var lanes = input.Ordered ? 1 : Math.Min(Math.Min(MostLanes, slices), limits.Min(limit => Math.Min(limit.MaxParallel, limit.Buffer)));
        return [.. Enumerable.Range(0, lanes).Select(lane => (IReadOnlyList<PipelineStage>)[.. input.Stages.Select((stage, place) => stage with { MaxParallel = Share(limits[place].MaxParallel, lane), Buffer = Share(limits[place].Buffer, lane) })])];

        int Share(int whole, int lane) => (whole + lanes - 1 - lane) / lanes;
    }
}
