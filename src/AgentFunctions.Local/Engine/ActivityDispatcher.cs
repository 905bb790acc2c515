using System.Collections.Concurrent;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Engine;

/// <summary>Runs activities on the thread pool, no more than a number at once; the others wait in their lanes.</summary>
internal sealed class ActivityDispatcher(Catalog catalog, IServiceProvider services, int maxActivities, TimeProvider time, Action<EngineMessage> post) : IEffectTarget
{
    private readonly ActivityLanes lanes = new();
    private readonly ConcurrentDictionary<(long Handle, int CallId), (CancellationTokenSource Source, DateTimeOffset StartedAt)> running = new();
    private readonly Lock gate = new();
    private int count;
    private bool stopped;

    /// <summary>How many activities run now.</summary>
    public int Running => count;

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

    public void Run(ActivityWork work)
    {
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            if (count >= maxActivities)
            {
                lanes.Add(work);
                return;
            }

            count++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Dispatcher.Begin(state.Work), (Dispatcher: this, Work: work), preferLocal: false);
    }

    public void Cancel(long handle, int callId)
    {
        lock (gate)
        {
            if (lanes.Remove(handle, callId))
            {
                return;
            }
        }

        if (running.TryGetValue((handle, callId), out var found))
        {
            // Its callbacks are the activity's code: they run elsewhere, not on the engine's thread.
            ThreadPool.UnsafeQueueUserWorkItem(Fire, found.Source, preferLocal: false);
        }
    }

    /// <summary>When an activity that runs now began to, or null where it does not run.</summary>
    public DateTimeOffset? StartedAt(long handle, int callId) => running.TryGetValue((handle, callId), out var found) ? found.StartedAt : null;

    /// <summary>Starts nothing more and asks all that run to stop. What they return is dropped: they run again after the restart.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
        }

        foreach (var (source, _) in running.Values)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Fire, source, preferLocal: false);
        }
    }

    private static void Fire(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended meanwhile.
        }
    }

    private void Begin(ActivityWork? first)
    {
        // An activity that ends without waiting hands its place, and this thread, to the next one.
        for (var work = first; work is not null; work = TakeNext())
        {
            var ended = RunAsync(work);
            if (!ended.IsCompleted)
            {
                _ = FinishAsync(ended);
                return;
            }
        }
    }

    private async Task FinishAsync(Task ended)
    {
        await ended.ConfigureAwait(false);
        if (TakeNext() is { } next)
        {
            Begin(next);
        }
    }

    private ActivityWork? TakeNext()
    {
        lock (gate)
        {
            if (!stopped && lanes.Take() is { } next)
            {
                return next;
            }

            count--;
            return null;
        }
    }

    private async Task RunAsync(ActivityWork work)
    {
        var startedAt = time.GetUtcNow();
        var input = work.Input;
        work.Input = default;
        using var source = new CancellationTokenSource();
        running[(work.Handle, work.CallId)] = (source, startedAt);
        ActivityEnded ended;
        try
        {
            if (!catalog.Activities.TryGetValue(work.Name, out var registration))
            {
                throw new PermanentFailureException($"There is no activity '{work.Name}'. There are: {string.Join(", ", catalog.Activities.Keys.Order(StringComparer.Ordinal))}.");
            }

            var output = await registration.RunAsync(services, new ActivityContext(work.InstanceId, registration.Name, work.CallId), input, catalog.Json, source.Token).ConfigureAwait(false);
            ended = new ActivityEnded(work.Handle, work.CallId, output, null, startedAt);
        }
#pragma warning disable CA1031 // Whatever an activity throws is its orchestrator's to handle.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ended = new ActivityEnded(work.Handle, work.CallId, default, FailureDetails.From(e, work.Name), startedAt);
        }
        finally
        {
            running.TryRemove((work.Handle, work.CallId), out _);
        }

        if (!stopped)
        {
            post(ended);
        }
    }
}
