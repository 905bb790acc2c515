using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>One branch while it runs: its attempts, raced against its timeout and against being given up.</summary>
internal sealed class BranchRun<T>(OrchestrationContext context, BranchBody<T> body, FanOutOptions options, Func<double> draw)
{
    private readonly TaskCompletionSource<BranchStatus> interrupted = new();
    private int failures;
    private FailureDetails? lastFailure;

    /// <summary>Gives the branch up. It ends here and now, whether or not what it waits for heeds its token.</summary>
    public void GiveUp() => interrupted.TrySetResult(BranchStatus.Cancelled);

    public async Task<Branch<T>> RunAsync()
    {
        using var ended = new CancellationTokenSource();
        var started = context.UtcNow;
        var work = Attempts.RunAsync(context, options.Retry, draw, body.RunAsync, started + options.BranchTimeout, NoteFailure, ended.Token, options.SkipBroken);
        if (!work.IsCompleted)
        {
            // The watch ends when the token fires below; it has no outcome of its own.
            if (options.BranchTimeout is { } limit) _ = WatchAsync(limit, ended.Token);
            await Task.WhenAny(work, interrupted.Task);
        }

        var branch = interrupted.Task.IsCompleted ? Interrupted(await interrupted.Task) : await FinishedAsync(work);

        // Cancels the timeout's timer and, of a branch that was given up, the running call.
        ended.Cancel();
        return branch with { Elapsed = context.UtcNow - started };
    }

    private async Task WatchAsync(TimeSpan limit, CancellationToken ended)
    {
        try
        {
            await context.CreateTimerAsync(limit, ended);
            interrupted.TrySetResult(BranchStatus.TimedOut);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The branch ended before its limit.
        }
    }

    private void NoteFailure(FailureDetails failure)
    {
        failures++;
        lastFailure = failure;
    }

    private async Task<Branch<T>> FinishedAsync(Task<T> work)
    {
        try
        {
            var value = await work;
            return new() { Key = body.Key, Status = value is ICached { Cache: not null } ? BranchStatus.Cached : BranchStatus.Succeeded, Value = value, Cost = (value as ICosted)?.Cost };
        }
        catch (Exception exception)
        {
            var failure = FailureDetails.From(exception);
            return new() { Key = body.Key, Status = options.SkipBroken && Attempts.IsOpenCircuit(failure) ? BranchStatus.Skipped : BranchStatus.Failed, Error = failure };
        }
    }

    private Branch<T> Interrupted(BranchStatus status) => new() { Key = body.Key, Status = status, Error = status == BranchStatus.TimedOut ? TimeoutFailure() : null };

    private FailureDetails TimeoutFailure() => new()
    {
        Type = nameof(TimeoutException),
        Message = $"Branch '{body.Key}' did not end within {options.BranchTimeout}."
            + (lastFailure is null ? "" : $" It was at attempt {failures + 1}; the one before failed: {lastFailure.Type}: {lastFailure.Message}")
            + " Allow it more time, or make it faster.",
        Step = lastFailure?.Step,
    };
}
