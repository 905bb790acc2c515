using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>The steps that a run and its slices share: mapping chunks, and one level of reduction.</summary>
/// <param name="context">The run's context.</param>
/// <param name="plan">What to do.</param>
/// <param name="tally">Where outcomes are accounted for.</param>
/// <param name="publish">Whether progress becomes the custom status; only the run that the client started does that.</param>
internal sealed class MapReduceSteps(OrchestrationContext context, MapReducePlan plan, MapReduceTally tally, bool publish)
{
    private readonly FanOutOptions options = new() { MaxParallel = plan.MaxParallel, Retry = MapReducePlan.Retry, ChildFanOut = MapReducePlan.SliceChunks };

    /// <summary>One partial result for each chunk that a model answered for.</summary>
    public async Task<IReadOnlyList<Partial>> MapAsync(Slice range)
    {
        var instructions = MapReducePrompts.Map(plan.Task);
        var calls = Enumerable.Range(range.First, range.Count).Select(chunk => new BranchInput<ModelCall>(
            $"chunk {chunk}",
            new ModelCall
            {
                Model = plan.Models.Map,
                Instructions = instructions,
                Parts = [new PromptPart { Chunk = new ChunkAddress(plan.Set, chunk) }],
                Purpose = ModelPurpose.Summarize,
                Cache = plan.Cache,
            }));
        var branches = await CallAsync("map", [.. calls]);
        var partials = new List<Partial>(branches.Count);
        for (var i = 0; i < branches.Count; i++)
        {
            var chunk = new Slice(range.First + i, 1);
            if (branches[i].Value is { } reply)
            {
                tally.AddMapped(reply);
                partials.Add(new(reply.Text, chunk, 1));
            }
            else
            {
                tally.AddMissing(chunk, "Mapping it", branches[i].Error);
            }
        }

        return partials;
    }

    /// <summary>One partial result for each group; a group of one passes as it is, and the chunks of a group that fails are reported as missing.</summary>
    public async Task<IReadOnlyList<Partial>> ReduceAsync(IReadOnlyList<Partial> partials)
    {
        tally.BeginLevel(partials);
        var instructions = MapReducePrompts.Reduce(plan.Task);
        var groups = partials.Chunk(plan.GroupSize).ToList();
        var calls = groups.Where(group => group.Length > 1).Select((group, number) => new BranchInput<ModelCall>(
            $"level {tally.Levels} group {number}",
            Combine(group, plan.Models.Reduce, instructions, plan.Cache)));
        var branches = await CallAsync($"reduce {tally.Levels}", [.. calls]);
        var reduced = new List<Partial>(groups.Count);
        for (var i = 0; i < groups.Count; i++)
        {
            // Only the last group can be one that passes, so the others' places are those of the calls.
            if (i == branches.Count)
            {
                reduced.Add(groups[i][0]);
            }
            else if (branches[i].Value is { } reply)
            {
                tally.AddReply(reply);
                reduced.Add(new(reply.Text, RangeOf(groups[i]), groups[i].Sum(partial => partial.Chunks)));
            }
            else
            {
                tally.AddMissing(RangeOf(groups[i]), $"Combining its group at level {tally.Levels}", branches[i].Error);
            }
        }

        return reduced;
    }

    /// <summary>A call that combines partial results.</summary>
    public static ModelCall Combine(IReadOnlyList<Partial> partials, string model, string instructions, CacheSettings? cache) => new()
    {
        Model = model,
        Instructions = instructions,
        Parts = [.. partials.Select(partial => new PromptPart { Title = partial.Title, Content = partial.Text })],
        Purpose = ModelPurpose.Combine,
        Cache = cache,
    };

    private Task<IReadOnlyList<Branch<ModelReply>>> CallAsync(string phase, IReadOnlyList<BranchInput<ModelCall>> calls)
    {
        var status = publish ? new ProgressStatus(context, phase, calls.Count) : null;
        return FanOut.RunAsync(context, ActivityReferences.CallModel, calls, options, progress => status?.Report(progress.Done));
    }

    private static Slice RangeOf(Partial[] group) => new(group[0].Range.First, group[^1].Range.First + group[^1].Range.Count - group[0].Range.First);
}
