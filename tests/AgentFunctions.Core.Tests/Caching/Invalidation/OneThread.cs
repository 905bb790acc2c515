namespace AgentFunctions.Core.Tests.Caching.Invalidation;

/// <summary>Runs whatever is awaited on the test's own thread, when the test says so: a simulation comes out the same each time.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (posted) posted.Enqueue((d, state));
    }

    /// <summary>Runs all that is to be run.</summary>
    public void RunAll()
    {
        while (true)
        {
            (SendOrPostCallback Callback, object? State) next;
            lock (posted)
            {
                if (!posted.TryDequeue(out next)) return;
            }

            next.Callback(next.State);
        }
    }
}
