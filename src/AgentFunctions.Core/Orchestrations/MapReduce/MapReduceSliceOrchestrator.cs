using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>Maps and reduces a share of the chunks to one partial result, in a run of its own, so that the parent's history holds one step for it.</summary>
internal sealed class MapReduceSliceOrchestrator : Orchestrator<MapReduceSliceInput, MapReduceSliceResult>
{
    public override async Task<MapReduceSliceResult> RunAsync(OrchestrationContext context, MapReduceSliceInput input)
    {
        var range = new Slice(input.First, input.Count);
        var tally = new MapReduceTally(range, document: null);
        var steps = new MapReduceSteps(context, input.Plan, tally, publish: false);
        var partials = await steps.MapAsync(range);
        while (partials.Count > 1) partials = await steps.ReduceAsync(partials);
        tally.Check(partials);
        return new()
        {
            Text = partials.Count == 1 ? partials[0].Text : null,
            Mapped = tally.Mapped,
            Levels = tally.Levels,
            Missing = tally.Missing,
            Cost = tally.Cost,
            Cached = tally.Cached,
            Notice = tally.Notice,
        };
    }
}
