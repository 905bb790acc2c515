using System.Diagnostics;

namespace AgentFunctions.Conformance.Observation;

/// <summary>Notes when an activity began and when its cancellation token fired.</summary>
public sealed class TokenWatch
{
    private readonly TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> fired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the activity runs.</summary>
    public Task Running => running.Task;

    /// <summary>Ends when its token fires, with the <see cref="Stopwatch"/> timestamp of that moment.</summary>
    public Task<long> FiredAt => fired.Task;

    /// <summary>The body of an activity that ends only by its token.</summary>
    /// <param name="cancellationToken">The activity's token.</param>
    public async Task RunUntilCancelledAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => fired.TrySetResult(Stopwatch.GetTimestamp()));
        running.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            // The token calls in reverse order: the delay ends first, and giving back the registration now would take away the call that notes the moment.
            await fired.Task;
        }
    }
}
