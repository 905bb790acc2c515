using System.Globalization;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Pipelining;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>A pipeline while it runs: whenever an item ends a stage, the schedule says what begins. The work is linear in items and stages.</summary>
/// <param name="context">The run's context.</param>
/// <param name="input">Items and stages.</param>
/// <param name="first">The place of the first item among all, where this is a share.</param>
/// <param name="progress">Hears how many items have ended.</param>
internal sealed class PipelineRun(OrchestrationContext context, PipelineInput input, int first, Action<int> progress)
{
    private readonly PipelineSchedule schedule = new(input.Items.Count, PipelineShape.Limits(input.Stages), input.Ordered);
    private readonly PipelineTally tally = new(input, first);
    private readonly Dictionary<(int Item, int Stage), BranchRun<ItemReply>> running = [];
    private readonly FanOutOptions[] options = [.. input.Stages.Select(stage => new FanOutOptions { BranchTimeout = stage.Timeout, Retry = new RetryPolicy { MaxAttempts = stage.MaxAttempts } })];
    private readonly TaskCompletionSource over = new();
    private ReplaySafeRandom? random;
    private bool isBeginning;

    public async Task<PipelineResult> RunAsync()
    {
        Begin();
        await over.Task;
        return tally.Result();
    }

    private void Begin()
    {
        // What ends at once would begin the next from within, item by item deeper.
        if (isBeginning) return;
        isBeginning = true;
        while (schedule.Begin() is { Count: > 0 } starts)
        {
            foreach (var start in starts) _ = WorkAsync(start.Item, start.Stage);
        }

        isBeginning = false;
        if (schedule.IsOver) over.TrySetResult();
    }

    private async Task WorkAsync(int item, int stage)
    {
        try
        {
            tally.Begun(item, stage);
            var key = $"{tally.Key(item)}/{input.Stages[stage].Key}";
            var branch = new BranchRun<ItemReply>(context, new(key, token => CallAsync(item, stage, key, token)), options[stage], () => (random ??= ReplaySafeRandom.From(context)).NextDouble());
            running.Add((item, stage), branch);
            var outcome = await branch.RunAsync();
            running.Remove((item, stage));
            tally.Ended(item, stage, outcome);
            schedule.Ended(item, stage, outcome.IsSuccess);
            if (!outcome.IsSuccess && input.Stages[stage].OnError == PipelineOnError.Stop) Stop(stage);
            progress(tally.Done);
            Begin();
        }
        catch (Exception exception)
        {
            // Nobody awaits this task: what must not happen here fails the run instead of leaving it waiting for ever.
            over.TrySetException(exception);
        }
    }

    private void Stop(int stage)
    {
        if (tally.StoppedBy is not null) return;
        tally.StoppedBy = input.Stages[stage].Key;
        schedule.Stop();
        foreach (var branch in running.OrderBy(it => it.Key).Select(it => it.Value)) branch.GiveUp();
    }

    private async Task<ItemReply> CallAsync(int item, int stage, string label, CancellationToken token)
    {
        var step = input.Stages[stage];
        var call = new CallOptions { Label = label, Cancellation = token };
        if (step.Tool is { } tool)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId}:{first + item}:{step.Key}");
            return await context.CallActivityAsync(ActivityReferences.ApplyTool, new ItemCall { Tool = tool, Arguments = step.Arguments, Item = tally.Value(item), IdempotencyKey = key, Cache = step.Cache ?? input.Cache }, call);
        }

        var reply = await context.CallActivityAsync(ActivityReferences.CallModel, PipelinePrompts.Call(step, tally.Value(item)) with { Cache = step.Cache ?? input.Cache }, call);
        tally.Notice ??= reply.Notice;
        return PipelinePrompts.Read(reply);
    }
}
