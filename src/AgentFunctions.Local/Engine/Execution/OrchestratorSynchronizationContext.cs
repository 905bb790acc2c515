namespace AgentFunctions.Local.Engine.Execution;

/// <summary>
/// Where an orchestrator's continuations go. Those that come up in a turn run in that turn. One that comes from another thread
/// means that the orchestrator awaited something that its engine did not give it, which replay could not repeat.
/// </summary>
internal sealed class OrchestratorSynchronizationContext(OrchestratorExecution execution) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (execution.IsInTurn)
        {
            posted.Enqueue((d, state));
        }
        else
        {
            execution.ReportForeignTask();
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An orchestrator's thread can't be waited for. Await instead.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what was posted.</summary>
    /// <returns>What a callback threw, which only <c>async void</c> code can; or null.</returns>
    public Exception? Drain()
    {
        while (posted.TryDequeue(out var next))
        {
            try
            {
                next.Callback(next.State);
            }
#pragma warning disable CA1031 // It is the orchestrator's failure, and must not be the engine's.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return e;
            }
        }

        return null;
    }
}
