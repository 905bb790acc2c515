namespace AgentFunctions.Core.Caching.Flights;

/// <summary>Work under way, and those who wait for it. It is cancelled when nobody waits any more.</summary>
internal abstract class Flight
{
    private protected Flight(FlightKey key, long began) => (Key, Began) = (key, began);

    /// <summary>Which work it is.</summary>
    public FlightKey Key { get; }

    /// <summary>When it began, on the monotonic clock.</summary>
    public long Began { get; }

    /// <summary>How many wait. Under the flights' lock.</summary>
    public int Waiting { get; set; }

    /// <summary>Ends when it has ended, however that was.</summary>
    public abstract Task Ended { get; }
}

/// <summary>Work under way.</summary>
/// <typeparam name="T">What it gives.</typeparam>
#pragma warning disable CA1001 // A source without a timer holds nothing that must be freed, and this one may be cancelled until the last has left.
internal sealed class Flight<T>(FlightKey key, long began) : Flight(key, began)
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource<T> result = new();
    private readonly CancellationTokenSource nobodyWaits = new();

    /// <summary>What it gives.</summary>
    public Task<T> Result => result.Task;

    /// <inheritdoc/>
    public override Task Ended => result.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Cancels the work.</summary>
    public void Cancel() => nobodyWaits.Cancel();

    /// <summary>Does the work.</summary>
    /// <param name="work">The work; its token is the flight's own.</param>
    /// <param name="ended">Called before the result is told.</param>
    public async Task RunAsync(Func<CancellationToken, Task<T>> work, Action ended)
    {
        try
        {
            var value = await work(nobodyWaits.Token);
            ended();
            result.SetResult(value);
        }
#pragma warning disable CA1031 // Whatever the work throws is for those who wait.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ended();
            result.SetException(exception);

            // It may be that nobody waits any more.
            _ = result.Task.Exception;
        }
    }
}
