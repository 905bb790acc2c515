namespace AgentFunctions.Conformance.Observation;

/// <summary>Holds activities until a test opens it, and tells the test that one has come.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when something waits at the gate.</summary>
    public Task Entered => entered.Task;

    /// <summary>Lets everything through, now and later.</summary>
    public void Open() => opened.TrySetResult();

    /// <summary>Waits until the gate is open.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task PassAsync(CancellationToken cancellationToken)
    {
        entered.TrySetResult();
        return opened.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the gate is open, deaf to any cancellation.</summary>
    public Task PassDeafAsync() => PassAsync(CancellationToken.None);
}
