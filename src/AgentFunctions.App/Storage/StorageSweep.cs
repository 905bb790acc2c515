using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFunctions.App.Storage;

/// <summary>
/// What the timer does: deletes expired rows, and purges runs that ended long ago, both up to a number, so that a sweep ends soon and the next
/// goes on. A part that fails does not keep the others from their work.
/// </summary>
internal sealed partial class StorageSweep(IKeyValueStore? values, TableCancellationBoard? cancellations, IOptions<SweepOptions> options, TimeProvider time, ILogger<StorageSweep> logger, TableRunOutput? output = null)
{
    private const int PageSize = 100;
    private static readonly RuntimeStatus[] Ended = [RuntimeStatus.Completed, RuntimeStatus.Failed, RuntimeStatus.Terminated];

    /// <summary>Sweeps once.</summary>
    /// <exception cref="AggregateException">Parts of it failed, after the others were done.</exception>
    public async Task<SweepResult> RunAsync(IRunClient runs, CancellationToken cancellationToken)
    {
        var most = options.Value.MostRows;
        List<Exception> failures = [];
        var result = new SweepResult(
            await PartAsync("expired values", () => values?.SweepAsync(most, cancellationToken) ?? Task.FromResult(0)),
            await PartAsync("old cancellations", () => cancellations?.SweepAsync(most, cancellationToken) ?? Task.FromResult(0)),
            await PartAsync("old runs", () => PurgeAsync(runs, cancellationToken)),
            await PartAsync("old live output", () => output?.SweepAsync(most, cancellationToken) ?? Task.FromResult(0)));
        LogSwept(result.Values, result.Cancellations, result.Runs, result.Outputs);
        return failures.Count == 0 ? result : throw new AggregateException("A sweep failed in part; the next one tries again.", failures);

        async Task<int> PartAsync(string what, Func<Task<int>> part)
        {
            try
            {
                return await part();
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception, what);
                failures.Add(exception);
                return 0;
            }
        }
    }

    /// <summary>Purges by the time of the end, which the engine's own filter does not know: it goes by creation, and would take the history of a long run the moment it ends.</summary>
    private async Task<int> PurgeAsync(IRunClient runs, CancellationToken cancellationToken)
    {
        var cutoff = time.GetUtcNow().AddDays(-options.Value.KeepDays);
        var query = new RunQuery { Statuses = Ended, CreatedTo = cutoff, PageSize = PageSize };
        var purged = 0;
        do
        {
            var page = await runs.ListAsync(query, cancellationToken);
            foreach (var run in page.Runs.Where(r => r.LastUpdatedTime < cutoff))
            {
                purged += await PurgeAsync(runs, run.InstanceId, cancellationToken);
                if (purged >= options.Value.MostRuns)
                {
                    return purged;
                }
            }

            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);
        return purged;
    }

    private static async Task<int> PurgeAsync(IRunClient runs, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            return await runs.PurgeAsync(instanceId, cancellationToken);
        }
        catch (Exception exception) when (exception is RunNotFoundException or RunNotEndedException)
        {
            // It went with the run that had started it, or was restarted meanwhile.
            return 0;
        }
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "Swept {Values} expired values, {Cancellations} old cancellations, {Runs} old runs and {Outputs} rows of old live output.")]
    private partial void LogSwept(int values, int cancellations, int runs, int outputs);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "The sweep of {What} failed; the next one tries again.")]
    private partial void LogFailed(Exception exception, string what);
}

/// <summary>What a sweep removed.</summary>
/// <param name="Values">Expired values.</param>
/// <param name="Cancellations">Old cancellations.</param>
/// <param name="Runs">Old runs, their sub-orchestrations included.</param>
/// <param name="Outputs">Rows of old live output.</param>
internal sealed record SweepResult(int Values, int Cancellations, int Runs, int Outputs = 0);
