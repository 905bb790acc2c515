namespace AgentFunctions.App.Storage;

/// <summary>Runs something once, before whatever needs it; one that fails is run again by the next that needs it.</summary>
internal sealed class FirstUse
{
    private readonly Lock gate = new();
    private Task? run;

    /// <summary>Runs it, or waits for the run that is under way.</summary>
    /// <param name="work">What to run; its token never fires, since others wait for it too.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    public Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (run is null || run.IsFaulted || run.IsCanceled)
            {
                run = work(CancellationToken.None);
            }

            return run.IsCompletedSuccessfully ? Task.CompletedTask : run.WaitAsync(cancellationToken);
        }
    }
}
