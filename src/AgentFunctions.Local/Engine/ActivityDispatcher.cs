using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Engine;

/// <summary>Runs activities on the thread pool, no more than a number at once; the others wait in their lanes.</summary>
internal sealed class ActivityDispatcher(Catalog catalog, IServiceProvider services, int maxActivities, TimeProvider time, ILogger logger, Action<EngineMessage> post, ActivityMeter? meter = null) : IEffectTarget, ILoadSource
{
    private static readonly TimeSpan LongestOnOneThread = TimeSpan.FromMilliseconds(10);
    private readonly ActivityLanes lanes = new();
    private readonly Dictionary<(long Handle, int CallId), RunningActivity> running = [];
    private readonly CancellationThread cancellations = new(logger);
    private readonly ActivityMeter meter = meter ?? new ActivityMeter(time);
    private readonly Lock gate = new();
    private TaskCompletionSource? drained;
    private bool stopped;

    /// <summary>How many activities run now.</summary>
    public int Running
    {
        get
        {
            lock (gate)
            {
                return running.Count;
            }
        }
    }

    /// <summary>How many wait for a place.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return lanes.Count;
            }
        }
    }

    /// <inheritdoc/>
    public LoadSample Read()
    {
        LaneCounts waiting;
        lock (gate)
        {
            waiting = lanes.Counts;
        }

        return meter.Read(maxActivities, waiting);
    }

    public void Run(ActivityWork work)
    {
        work.ReleasedAt = time.GetTimestamp();
        RunningActivity activity;
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            // One that comes while the rest is being waited for is left to the next start.
            if (running.Count >= maxActivities || drained is not null)
            {
                lanes.Add(work);
                return;
            }

            activity = GivePlace(work);
        }

        Queue(activity);
    }

    public void Cancel(long handle, int callId)
    {
        RunningActivity? activity;
        lock (gate)
        {
            if (lanes.Remove(handle, callId) || !running.TryGetValue((handle, callId), out activity))
            {
                return;
            }

            activity.GivenUp = true;
            if (!activity.Begun)
            {
                return;
            }
        }

        cancellations.Fire(activity.Cancellation);
    }

    /// <summary>When an activity that runs now began to, or null where it does not run.</summary>
    public DateTimeOffset? StartedAt(long handle, int callId)
    {
        lock (gate)
        {
            return running.TryGetValue((handle, callId), out var found) && found.Begun ? found.StartedAt : null;
        }
    }

    /// <summary>Starts nothing more; what waits or comes is left to the next start.</summary>
    /// <returns>Ends when all that run have ended and reported.</returns>
    public Task DrainAsync()
    {
        lock (gate)
        {
            drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (running.Count == 0)
            {
                drained.TrySetResult();
            }

            return drained.Task;
        }
    }

    /// <summary>Starts nothing more and asks all that run to stop. What they return is dropped: they run again after the restart.</summary>
    public void Stop()
    {
        List<RunningActivity> begun;
        lock (gate)
        {
            stopped = true;
            begun = [.. running.Values.Where(a => a.Begun)];
        }

        begun.ForEach(a => cancellations.Fire(a.Cancellation));
        cancellations.End();
    }

    private RunningActivity GivePlace(ActivityWork work)
    {
        var activity = new RunningActivity(work);
        running[activity.Key] = activity;
        return activity;
    }

    private void Queue(RunningActivity activity) =>
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Dispatcher.Work(state.Activity), (Dispatcher: this, Activity: activity), preferLocal: false);

    private void Work(RunningActivity first)
    {
        // An activity that ends without waiting hands its place, and this thread, to the next one; but the pool's other work gets its turn.
        var began = time.GetTimestamp();
        for (var activity = first; activity is not null; activity = HandOver(activity))
        {
            if (activity != first && time.GetElapsedTime(began) > LongestOnOneThread)
            {
                Queue(activity);
                return;
            }

            if (!TryBegin(activity))
            {
                continue;
            }

            var ended = RunAsync(activity);
            if (!ended.IsCompleted)
            {
                _ = FinishAsync(activity, ended);
                return;
            }
        }
    }

    private async Task FinishAsync(RunningActivity activity, Task ended)
    {
        await ended.ConfigureAwait(false);
        if (HandOver(activity) is { } next)
        {
            // Not here: this may be the thread that fires tokens, or one that an activity's own code is in the middle of.
            Queue(next);
        }
    }

    private bool TryBegin(RunningActivity activity)
    {
        lock (gate)
        {
            activity.StartedAt = time.GetUtcNow();
            return activity.Begun = !stopped && drained is null && !activity.GivenUp;
        }
    }

    private RunningActivity? HandOver(RunningActivity from)
    {
        lock (gate)
        {
            running.Remove(from.Key);
            from.Cancellation.Dispose();
            if (drained is not null)
            {
                if (running.Count == 0)
                {
                    drained.TrySetResult();
                }

                return null;
            }

            return !stopped && lanes.Take() is { } next ? GivePlace(next) : null;
        }
    }

    private async Task RunAsync(RunningActivity activity)
    {
        var work = activity.Work;
        var startedAt = activity.StartedAt;
        var input = work.Input;
        work.Input = default;
        var waited = time.GetElapsedTime(work.ReleasedAt);
        var metered = meter.Begin();
        var outcome = ActivityOutcome.Succeeded;
        ActivityEnded ended;
        try
        {
            if (!catalog.Activities.TryGetValue(work.Name, out var registration))
            {
                throw new PermanentFailureException($"There is no activity '{work.Name}'. There are: {string.Join(", ", catalog.Activities.Keys.Order(StringComparer.Ordinal))}.");
            }

            var output = await registration.RunAsync(services, new ActivityContext(work.InstanceId, registration.Name, work.CallId) { Priority = work.Priority, Budget = work.Budget }, input, catalog.Json, activity.Cancellation.Token).ConfigureAwait(false);
            ended = new ActivityEnded(work.Handle, work.CallId, output, null, startedAt);
        }
#pragma warning disable CA1031 // Whatever an activity throws is its orchestrator's to handle.
        catch (Exception e)
#pragma warning restore CA1031
        {
            outcome = ActivityOutcomes.Of(e, activity.Cancellation.IsCancellationRequested);
            ended = new ActivityEnded(work.Handle, work.CallId, default, FailureDetails.From(e, work.Name), startedAt);
        }

        metered.End(outcome, waited);
        if (!stopped)
        {
            post(ended);
        }
    }
}
