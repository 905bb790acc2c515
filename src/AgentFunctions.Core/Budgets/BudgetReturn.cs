using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Budgets;

/// <summary>Gives back what a worker holds of budgets as it stops, before the engine does: what is not given back counts as spent for the rest of its period.</summary>
internal sealed partial class BudgetReturn(BudgetLedger ledger, TimeProvider time, ILogger<BudgetReturn> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ledger.ReturnAsync().WaitAsync(Longest, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotReturned();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "What this worker held of budgets was not given back in time. It counts as spent for the rest of its period.")]
    private partial void LogNotReturned();
}
