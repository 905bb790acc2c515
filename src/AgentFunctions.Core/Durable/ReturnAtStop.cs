using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Durable;

/// <summary>What a worker holds of something that all share, and has to give back when it stops.</summary>
internal interface IHeldByWorker
{
    /// <summary>What becomes of it where it is not given back, as a sentence for the log.</summary>
    string Otherwise { get; }

    /// <summary>Gives it back. Ends when that has been heard; it does not fail.</summary>
    Task ReturnAsync();
}

/// <summary>Has a worker give back what it holds as it stops, before the engine does. It never holds up a stop for long.</summary>
/// <typeparam name="THolder">Who holds it.</typeparam>
internal sealed partial class ReturnAtStop<THolder>(THolder holder, TimeProvider time, ILogger<THolder> logger) : IHostedLifecycleService
    where THolder : IHeldByWorker
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await holder.ReturnAsync().WaitAsync(Longest, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogNotReturned(holder.Otherwise);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "What this worker holds was not given back in time. {Otherwise}")]
    private partial void LogNotReturned(string otherwise);
}
