using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <summary>Gives back the permits that a worker holds as it stops, before the engine does, so that other workers have them. It never holds up a stop for long: what is not given back runs out by itself.</summary>
internal sealed partial class LimitReturn(DeploymentLimiters limiters, TimeProvider time, ILogger<LimitReturn> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await limiters.ReturnAsync().WaitAsync(Longest, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogNotReturned();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The permits that this worker held for models were not given back in time. They run out within 15 s.")]
    private partial void LogNotReturned();
}
