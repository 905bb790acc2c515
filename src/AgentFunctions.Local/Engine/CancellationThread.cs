namespace AgentFunctions.Local.Engine;

/// <summary>
/// Fires tokens on a thread of its own: activities that compute without ever waiting can hold every thread of the pool,
/// and a loser must hear within 100 ms that it has lost. What a token calls runs on this thread, so it should return soon.
/// </summary>
internal sealed partial class CancellationThread(ILogger logger)
{
    private readonly Queue<CancellationTokenSource> due = new();
    private readonly object gate = new();
    private bool started;
    private bool ended;

    /// <summary>Fires a token soon. The thread is made when it is first needed.</summary>
    public void Fire(CancellationTokenSource source)
    {
        lock (gate)
        {
            due.Enqueue(source);
            Monitor.Pulse(gate);
            if (started)
            {
                return;
            }

            started = true;
        }

        new Thread(Run) { IsBackground = true, Name = "AgentFunctions cancellations" }.Start();
    }

    /// <summary>Ends the thread once it has fired what was given to it.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            Monitor.Pulse(gate);
        }
    }

    private void Run()
    {
        while (Next() is { } source)
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The activity ended meanwhile.
            }
            catch (AggregateException e)
            {
                LogCallbackFailed(logger, e);
            }
        }
    }

    private CancellationTokenSource? Next()
    {
        lock (gate)
        {
            while (due.Count == 0 && !ended)
            {
                Monitor.Wait(gate);
            }

            return due.TryDequeue(out var next) ? next : null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What an activity registered on its cancellation token threw. The activity is asked to stop all the same.")]
    private static partial void LogCallbackFailed(ILogger logger, Exception exception);
}
