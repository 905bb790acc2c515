using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.BatchJob;

/// <summary>Waits for a batch: asks how it stands, at growing intervals, until it has ended, someone cancels it, or patience does.</summary>
internal sealed class BatchWait(OrchestrationContext context, BatchJobInput input)
{
    /// <summary>How often a batch is asked for once it was told to end: it should within minutes, and a provider that never says so must not keep the run for good.</summary>
    private const int MostPollsAfterCancel = 100;

    // A provider that is down for hours is no reason to give a paid batch up.
    private static readonly RetryPolicy pollRetry = new() { MaxAttempts = 50, BaseDelay = TimeSpan.FromSeconds(2), MaxDelay = TimeSpan.FromMinutes(10) };

    private int polls;

    /// <summary>Waits.</summary>
    /// <returns>How it ended, and how often the provider was asked.</returns>
    public async Task<(BatchState State, int Polls)> RunAsync(BatchState state)
    {
        using var listening = new CancellationTokenSource();
        var cancelled = context.WaitForExternalEventAsync<JsonElement>(BatchJobOrchestrator.CancelEvent, listening.Token);
        var deadline = context.UtcNow + input.Polling.Patience;
        var interval = input.Polling.FirstInterval;
        while (!state.HasEnded)
        {
            Publish("wait", state);
            if (await PauseAsync(interval < deadline - context.UtcNow ? interval : deadline - context.UtcNow, cancelled) || context.UtcNow >= deadline)
            {
                state = await CancelAsync(state);
                break;
            }

            state = await PollAsync(state);
            interval = Next(interval, input.Polling);
        }

        listening.Cancel();
        return (state, polls);
    }

    /// <summary>The wait after this one.</summary>
    public static TimeSpan Next(TimeSpan interval, BatchJobOptions polling)
    {
        var ticks = interval.Ticks * polling.Growth;
        return ticks >= polling.LongestInterval.Ticks ? polling.LongestInterval : TimeSpan.FromTicks((long)ticks);
    }

    private async Task<BatchState> CancelAsync(BatchState state)
    {
        Publish("cancel", state);
        state = await context.CallActivityAsync(ActivityReferences.CancelBatch, state.BatchId, pollRetry, "cancel");
        var interval = input.Polling.FirstInterval;
        for (var asked = 0; !state.HasEnded && asked < MostPollsAfterCancel; asked++)
        {
            await context.CreateTimerAsync(interval, CancellationToken.None);
            state = await PollAsync(state);
            interval = Next(interval, input.Polling);
        }

        return state;
    }

    /// <summary>Waits for the time or the event.</summary>
    /// <returns>Whether the event came.</returns>
    private async Task<bool> PauseAsync(TimeSpan time, Task cancelled)
    {
        using var stop = new CancellationTokenSource();
        var timer = context.CreateTimerAsync(time > TimeSpan.Zero ? time : TimeSpan.Zero, stop.Token);
        if (await Task.WhenAny(timer, cancelled) == timer) return false;
        stop.Cancel();
        return true;
    }

    private async Task<BatchState> PollAsync(BatchState state)
    {
        polls++;
        return await context.CallActivityAsync(ActivityReferences.PollBatch, state.BatchId, pollRetry, "poll");
    }

    private void Publish(string phase, BatchState state) => context.SetCustomStatus(new BatchJobProgress(phase, state.Completed + state.Failed, input.Items.Count, state.BatchId, state.Status));
}
