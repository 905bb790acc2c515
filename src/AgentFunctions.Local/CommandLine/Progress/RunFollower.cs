using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;

namespace AgentFunctions.Local.CommandLine.Progress;

/// <summary>Waits for a run's end and meanwhile reports how far it is.</summary>
internal sealed class RunFollower(ILocalHost host, TimeProvider time)
{
    /// <summary>Follows a run to its end.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="display">Where progress is shown.</param>
    /// <param name="cancellationToken">Ends the wait; the run goes on.</param>
    /// <returns>Its final state, with its output.</returns>
    /// <exception cref="HostStoppedException">The host stopped before the run ended.</exception>
    public Task<RunState> FollowAsync(string instanceId, IProgressDisplay display, CancellationToken cancellationToken) => display.ShowAsync(async report =>
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = host.Client.WaitForCompletionAsync(instanceId, done.Token);
        var showing = display.Interval is { } interval ? ShowAsync(instanceId, interval, report, done.Token) : Task.Delay(Timeout.InfiniteTimeSpan, done.Token);
        var saying = display.ShowsOutput ? SayAsync(instanceId, display, done.Token) : Task.CompletedTask;
        try
        {
            var first = await Task.WhenAny(ended, host.Completion, showing);
            if (first == host.Completion)
            {
                var reason = host.Completion.Exception?.GetBaseException();
                throw new HostStoppedException($"The host stopped before the run '{instanceId}' ended{(reason is null ? "." : $": {reason.Message}")} To continue it, run --resume {instanceId}.", reason);
            }

            await first;
            return await ended;
        }
        finally
        {
            await done.CancelAsync();
            await showing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await saying.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (ended.IsCompletedSuccessfully && display.Interval is not null)
            {
                report(await SnapshotAsync(await ended, CancellationToken.None));
            }
        }
    });

    /// <summary>Passes on what models say until the token fires, and then what is left of it.</summary>
    private async Task SayAsync(string instanceId, IProgressDisplay display, CancellationToken cancellationToken)
    {
        using var reader = host.Output.OpenReader(instanceId, new RunOutputStart(0, time.GetUtcNow()));
        while (true)
        {
            var page = await reader.ReadAsync(CancellationToken.None);
            if (!page.IsEmpty)
            {
                display.Say(OutputText.Of(page));
            }
            else if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            else
            {
                await reader.WaitAsync(cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task ShowAsync(string instanceId, TimeSpan interval, Action<ProgressSnapshot> report, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(interval, time, cancellationToken);
            var begun = time.GetTimestamp();
            if (await host.Client.GetAsync(instanceId, includePayloads: false, cancellationToken) is { } state)
            {
                report(await SnapshotAsync(state, cancellationToken));
            }

            // A history of many thousand steps takes time to read; looking must stay a small part of what the machine does.
            await Task.Delay(time.GetElapsedTime(begun) * 9, time, cancellationToken);
        }
    }

    private async Task<ProgressSnapshot> SnapshotAsync(RunState state, CancellationToken cancellationToken)
    {
        var steps = await host.Client.GetHistoryAsync(state.InstanceId, cancellationToken) ?? [];
        return ProgressSnapshot.Of(steps, (state.RuntimeStatus.IsFinal() ? state.LastUpdatedTime : time.GetUtcNow()) - state.CreatedTime);
    }
}
