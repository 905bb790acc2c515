using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.SpeculativeRace;

/// <summary>A race: every path waits for its time, runs, and the first valid answer ends the others.</summary>
internal sealed class Race(OrchestrationContext context, SpeculativeRaceInput input)
{
    private const string Instructions = "Answer the request.";

    private readonly DateTimeOffset start = context.UtcNow;
    private RaceRunner? winner;

    public async Task<SpeculativeRaceResult> RunAsync()
    {
        RaceRunner[] runners = [.. input.Paths.Select(path => new RaceRunner(path))];
        RaceRunner[] byStart = [.. runners.OrderBy(runner => runner.Path.StartAfter)];
        try
        {
            await Task.WhenAll(byStart.Select(runner => RunPathAsync(runner, byStart)));
            return winner is null ? throw AllFailed(runners) : Result(winner, runners);
        }
        finally
        {
            foreach (var runner in runners) runner.Dispose();
        }
    }

    private async Task RunPathAsync(RaceRunner runner, RaceRunner[] byStart)
    {
        await WaitForTimeAsync(runner);
        if (winner is not null)
        {
            runner.End(BranchStatus.Skipped, context.UtcNow);
            return;
        }

        runner.Start(context.UtcNow);
        await AskAsync(runner);
        if (runner.IsSuccess)
        {
            winner = runner;
            foreach (var other in byStart.Where(other => other != runner)) other.GiveUp();
        }
        else if (winner is null && !byStart.Any(other => other.StartedAt is not null && other.Status is null))
        {
            // Nobody is running: waiting on would only lose time.
            byStart.FirstOrDefault(other => other.StartedAt is null)?.CallForward();
        }
    }

    private async Task WaitForTimeAsync(RaceRunner runner)
    {
        if (runner.Path.StartAfter == TimeSpan.Zero) return;
        try
        {
            await context.CreateTimerAsync(runner.Path.StartAfter, runner.Waiting);
        }
        catch (OperationCanceledException) when (runner.Waiting.IsCancellationRequested)
        {
            // Called forward, or the race is over: the caller looks which.
        }
    }

    private async Task AskAsync(RaceRunner runner)
    {
        var options = new CallOptions { Label = runner.Path.Key, Cancellation = runner.Running };
        var call = new ModelCall
        {
            Model = runner.Path.Model,
            Instructions = Instructions,
            Parts = [new PromptPart { Content = new Content { Text = input.Prompt, Ref = input.PromptRef } }],
            Purpose = ModelPurpose.Answer,
            Cache = runner.Path.Cache ?? input.Cache,
        };
        try
        {
            var fault = await AskAsync(runner, call, options);

            // What the cache has kept was valid for another race, maybe; for this one the model is asked.
            if (fault is not null && runner.Reply?.Cache is not null && call.Cache.Anew() is { Mode: CacheMode.Refresh } anew) fault = await AskAsync(runner, call with { Cache = anew }, options);
            runner.End(fault is not null ? BranchStatus.Failed : runner.Reply!.Cache is null ? BranchStatus.Succeeded : BranchStatus.Cached, context.UtcNow, fault);
        }
        catch (TaskFailedException missed) when (call.Cache?.Mode == CacheMode.Only && missed.Details.Type == nameof(CacheMissException))
        {
            runner.Miss(context.UtcNow);
        }
        catch (OperationCanceledException) when (runner.Running.IsCancellationRequested)
        {
            runner.Cost ??= RaceRules.EstimateInput(Instructions, input);
            runner.End(BranchStatus.Cancelled, context.UtcNow);
        }
        catch (Exception exception)
        {
            runner.End(BranchStatus.Failed, context.UtcNow, FailureDetails.From(exception));
        }
    }

    /// <summary>Asks, and says what is wrong with the answer; null where nothing is.</summary>
    private async Task<FailureDetails?> AskAsync(RaceRunner runner, ModelCall call, CallOptions options)
    {
        var reply = await context.CallActivityAsync(ActivityReferences.CallModel, call, options);
        (runner.Reply, runner.Cost) = (reply, Cost.Sum([runner.Cost, reply.Cost]));
        runner.Answer = reply.Text.Ref is { } address ? await context.CallActivityAsync(ActivityReferences.ReadContent, address, options) : reply.Text.Text ?? "";
        return RaceRules.FaultOf(runner.Answer, reply.FinishReason, input.Accept);
    }

    private SpeculativeRaceResult Result(RaceRunner first, RaceRunner[] runners)
    {
        var wasted = runners.Where(runner => runner != first).Aggregate(Cost.None, (sum, runner) => sum + (runner.Cost ?? Cost.None));
        return new()
        {
            Winner = first.Path.Key,
            Answer = first.Answer!,
            Model = first.Reply!.Model,
            Cache = first.Reply.Cache,
            Paths = [.. runners.Select(runner => runner.Outcome(start))],
            Cost = wasted + (first.Cost ?? Cost.None),
            Wasted = wasted,
            Notice = first.Reply.Notice,
        };
    }

    private static TaskFailedException AllFailed(RaceRunner[] runners)
    {
        // That the cache had no answer is no failure.
        var failed = runners.Where(runner => !runner.IsMiss).ToList();
        return new(new FailureDetails
        {
            Type = BudgetFailures.TypeOf(failed.Select(runner => runner.Error), "AllPathsFailed"),
            Message = $"No path gave a valid answer. {string.Join(' ', failed.Select(runner => $"{runner.Path.Key} ({runner.Path.Model}): {runner.Error?.Type}: {runner.Error?.Message}"))}",
            Permanent = failed.TrueForAll(runner => runner.Error is { Permanent: true }),
            Step = "race",
        });
    }
}
