using System.Collections.Concurrent;
using System.Text.Json;
using AgentFunctions.Core.Results;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Storage;

/// <summary>
/// Live output in a table, for readers on any worker. It costs one write for each batch (at most five a second for each worker that runs an activity of
/// the run), one query for the first batch of a run that a worker writes and one for each batch that another worker got in before; a reader costs four
/// queries a second while output comes, one in two seconds where none does, and nothing where nobody watches.
/// </summary>
internal sealed class TableRunOutput(ITableClientPort table, TableRunOutputOptions options, TimeProvider time, ILogger<ForgivingRunOutput> logger) : IRunOutputStore
{
    private const int MostRuns = 10_000;
    private readonly ConcurrentDictionary<string, TableRunOutputWriter> writers = new(StringComparer.Ordinal);
    private ForgivingRunOutput? forgiving;

    public ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken)
    {
        if (writers.Count >= MostRuns)
        {
            foreach (var (id, writer) in writers)
            {
                if (writer.IsIdle)
                {
                    writers.TryRemove(new(id, writer));
                }
            }
        }

        writers.GetOrAdd(instanceId, static (id, store) => new TableRunOutputWriter(store.table, store.options, store.time, TableKeys.Escape(id), (error, lost) => store.Forgive(error, id, lost)), (table, options, time, Forgive: (Action<Exception, string, int>)Forgive))
            .Append(kind, RunOutputJson.OneLine(data));
        return ValueTask.CompletedTask;
    }

    public async ValueTask FlushAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (writers.TryGetValue(instanceId, out var writer))
        {
            await writer.FlushAsync(cancellationToken);
        }
    }

    public IRunOutputReader OpenReader(string instanceId, RunOutputStart from) => new TableRunOutputReader(table, options, time, TableKeys.Escape(instanceId), from.Position);

    public async ValueTask RemoveAsync(string instanceId, CancellationToken cancellationToken)
    {
        writers.TryRemove(instanceId, out _);
        try
        {
            await TableBatches.DeleteFoundAsync(table, new TableQuery { PartitionKey = TableKeys.Escape(instanceId) }, onlyUnchanged: false, int.MaxValue, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The run itself is purged by now, and rows that stay are swept when their time is over.
            Forgive(exception, instanceId, entries: 0);
        }
    }

    /// <summary>Removes rows that have ended.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many were removed.</returns>
    public Task<int> SweepAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return TableBatches.DeleteFoundAsync(table, new TableQuery { ExpiredAt = time.GetUtcNow() }, onlyUnchanged: true, most, cancellationToken);
    }

    private void Forgive(Exception exception, string instanceId, int entries) => (forgiving ??= new ForgivingRunOutput(this, logger)).Forgive(exception, instanceId, entries);
}
