using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>
/// A task over documents of any length: they are split into chunks, a cheap model notes what each chunk has for the task, the notes are
/// combined group by group, and an able model writes the result. Chunks that fail are reported as missing; they do not fail the run.
/// </summary>
public sealed class MapReduceOrchestrator : Orchestrator<MapReduceInput, MapReduceResult>
{
    // A shorter text is about as small as its address.
    private const int StoredCharacters = 200;

    /// <inheritdoc/>
    public override void Validate(MapReduceInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        MapReduceValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<MapReduceInput> PrepareAsync(MapReduceInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(content);
        if (!input.Documents.Any(IsLong)) return input;

        var documents = new List<MapReduceDocument>(input.Documents.Count);
        foreach (var document in input.Documents)
        {
            documents.Add(IsLong(document)
                ? new() { Id = document.Id, Ref = await content.PutAsync(System.Text.Encoding.UTF8.GetBytes(document.Text!), cancellationToken) }
                : document);
        }

        return input with { Documents = documents };

        static bool IsLong(MapReduceDocument document) => document.Text is { Length: > StoredCharacters };
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">The documents have no text or can't be split, every chunk failed, or the final call failed.</exception>
    /// <exception cref="ReductionCountException">Chunks got lost: a defect.</exception>
    public override async Task<MapReduceResult> RunAsync(OrchestrationContext context, MapReduceInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var chunks = await SplitAsync(context, input);
        var plan = new MapReducePlan { Task = input.Task, Set = chunks.Set, Models = input.Models, GroupSize = input.GroupSize, MaxParallel = input.MaxParallel, Cache = input.Cache };
        var tally = new MapReduceTally(new Slice(0, chunks.Count), input.Documents.Count == 1 ? input.Documents[0].Id : null);
        var answer = chunks.Count == 1 ? await AnswerWholeAsync(context, plan, tally) : await AnswerInPartsAsync(context, plan, chunks.Count, tally);
        return new()
        {
            Result = answer.Text.Ref is { } address ? await context.CallActivityAsync(ActivityReferences.ReadContent, address, MapReducePlan.Retry, "result") : answer.Text.Text ?? "",
            Documents = chunks.Documents,
            Chunks = chunks.Count,
            Mapped = tally.Mapped,
            Levels = tally.Levels,
            Complete = tally.Missing.Count == 0,
            Missing = tally.Missing,
            Cost = tally.Cost,
            Cached = tally.Cached,
            Cache = answer.Cache,
            Notice = tally.Notice,
        };
    }

    private static async Task<ChunkSet> SplitAsync(OrchestrationContext context, MapReduceInput input)
    {
        context.SetCustomStatus(new RunProgress("split", 0, input.Documents.Count));
        var request = new SplitRequest
        {
            Documents = [.. input.Documents.Select(document => new SourceDocument(document.Id, new Content { Text = document.Text, Ref = document.Ref }))],
            ChunkTokens = input.ChunkTokens,
        };
        var chunks = await context.CallActivityAsync(ActivityReferences.SplitDocument, request, MapReducePlan.Retry, "split");
        return chunks.Count > 0 ? chunks : throw new TaskFailedException(new FailureDetails
        {
            Type = "NoText",
            Message = $"None of the {input.Documents.Count} documents has any text. Send at least one with text.",
            Permanent = true,
            Step = "split",
        });
    }

    private static async Task<ModelReply> AnswerWholeAsync(OrchestrationContext context, MapReducePlan plan, MapReduceTally tally)
    {
        context.SetCustomStatus(new RunProgress("result", 0, 1));
        var call = new ModelCall
        {
            Model = plan.Models.Root,
            Instructions = MapReducePrompts.Whole(plan.Task),
            Parts = [new PromptPart { Chunk = new ChunkAddress(plan.Set, 0) }],
            Purpose = ModelPurpose.Summarize,
            Cache = plan.Cache,
        };
        var reply = await context.CallActivityAsync(ActivityReferences.CallModel, call, MapReducePlan.Retry, "result");
        tally.AddMapped(reply);
        return reply;
    }

    private static async Task<ModelReply> AnswerInPartsAsync(OrchestrationContext context, MapReducePlan plan, int chunks, MapReduceTally tally)
    {
        var steps = new MapReduceSteps(context, plan, tally, publish: true);
        var partials = chunks <= MapReducePlan.SliceChunks ? await steps.MapAsync(new Slice(0, chunks)) : await MapReduceSlices.MapAsync(context, plan, chunks, tally);
        while (partials.Count > plan.GroupSize) partials = await steps.ReduceAsync(partials);

        tally.BeginLevel(partials);
        context.SetCustomStatus(new RunProgress("result", 0, 1));
        var call = MapReduceSteps.Combine(partials, plan.Models.Root, MapReducePrompts.Root(plan.Task), plan.Cache);
        var reply = await context.CallActivityAsync(ActivityReferences.CallModel, call, MapReducePlan.Retry, "result");
        tally.AddReply(reply);
        return reply;
    }
}
