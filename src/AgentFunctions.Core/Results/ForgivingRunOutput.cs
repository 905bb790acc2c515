using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Results;

/// <summary>Any output, of which a failure reaches no run: it is counted, and logged once for a run.</summary>
/// <param name="inner">Where output goes.</param>
/// <param name="logger">Hears of the first failure of each run.</param>
public sealed partial class ForgivingRunOutput(IRunOutput inner, ILogger<ForgivingRunOutput> logger) : IRunOutput
{
    private const int MostRemembered = 1000;
    private readonly Lock gate = new();
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string instanceId, string kind, JsonElement data, CancellationToken cancellationToken)
    {
        try
        {
            await inner.AppendAsync(instanceId, kind, data, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Forgive(exception, instanceId, entries: 1);
        }
    }

    /// <summary>Counts a failure, and logs it where it is the run's first.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="instanceId">The run.</param>
    /// <param name="entries">How many entries were lost.</param>
    public void Forgive(Exception exception, string instanceId, int entries)
    {
        RunOutputMetrics.CountFailed(entries);
        lock (gate)
        {
            if (told.Count >= MostRemembered)
            {
                told.Clear();
            }

            if (!told.Add(instanceId))
            {
                return;
            }
        }

        LogLost(exception, instanceId);
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "Live output of run {InstanceId} was lost: its store failed. The run goes on; those who watch miss some of its tokens. Further failures of this run are only counted (agentfunctions.output.failed).")]
    private partial void LogLost(Exception exception, string instanceId);
}
