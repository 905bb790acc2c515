using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Scaling;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Scaling;

/// <summary>Tells the scaling entity how loaded this worker is, and reads what it decides.</summary>
public sealed partial class ScalingReporter : BackgroundService
{
    private static readonly TimeSpan AskedFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly ScalingOptions options;
    private readonly ILoadSource load;
    private readonly IEngineClient client;
    private readonly DeploymentLimiters? limiters;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly EntityId entity;
    private readonly ScalingMetrics metrics;
    private readonly string worker;
    private long number;
    private long lastTold;
    private long lastAsked;
    private bool isTold;
    private bool isAsked;
    private volatile bool hasLeft;
    private volatile bool isFailing;
    private volatile ScalingReport? last;

    /// <summary>Makes it; nothing is told yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="load">How loaded this worker is.</param>
    /// <param name="client">The engine's client.</param>
    /// <param name="limiters">The limits of models; null where there are none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of reports that can't be sent.</param>
    /// <param name="worker">This host's name among the workers. Default: a new one.</param>
    public ScalingReporter(ScalingOptions options, ILoadSource load, IEngineClient client, DeploymentLimiters? limiters, TimeProvider time, ILogger<ScalingReporter> logger, string? worker = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.load, this.client, this.limiters, this.time, this.logger) = (options, load, client, limiters, time, logger);
        this.worker = worker ?? WorkerName.New();
        entity = EntityReferences.Scaling(options.App);
        metrics = new ScalingMetrics(this, () => last is { } known && this.time.GetUtcNow() - known.At < ScalingEntity.StaleAfter ? known : null);
    }

    /// <summary>What was decided last; null where that is not known yet. Where this worker tells only while it is asked, it is being asked now.</summary>
    /// <param name="runs">The engine's client.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ScalingReport?> ReadAsync(IRunClient runs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Volatile.Write(ref lastAsked, time.GetTimestamp());
        isAsked = true;
        var sent = options.Report == ScalingReports.WhenAsked && !hasLeft && (!isTold || time.GetElapsedTime(Volatile.Read(ref lastTold)) >= options.ReportEvery) ? await TellAsync(runs, leaving: false, cancellationToken) : 0;
        var began = time.GetTimestamp();
        var state = await runs.GetEntityStateAsync<ScalingEntityState>(entity, cancellationToken);
        while (sent > 0 && !(state?.Workers.TryGetValue(worker, out var known) == true && known.Number >= sent) && time.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Pause, time, cancellationToken);
            state = await runs.GetEntityStateAsync<ScalingEntityState>(entity, cancellationToken);
        }

        return last = ScalingReport.Of(state, time.GetUtcNow());
    }

    /// <summary>Tells that this worker stops: from now on it counts no more, and it tells nothing more. Best effort: one that can't tell is forgotten after 45 s.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (hasLeft) return;
        hasLeft = true;
        if (!isTold || client.Current is not { } runs) return;
        try
        {
            await TellAsync(runs, leaving: true, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
#pragma warning disable CA1031 // A worker that can't say goodbye is forgotten by itself.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNotTold(error);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await LeaveAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        metrics.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.ReportEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            await TurnAsync(stoppingToken);
        }
    }

    /// <summary>Tells once, where it is time to, and reads what that led to the next time.</summary>
    internal async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (hasLeft || client.Current is not { } runs) return;
        if (options.Report == ScalingReports.WhenAsked && !(isAsked && time.GetElapsedTime(Volatile.Read(ref lastAsked)) < AskedFor)) return;
        try
        {
            await TellAsync(runs, leaving: false, cancellationToken);
            last = ScalingReport.Of(await runs.GetEntityStateAsync<ScalingEntityState>(entity, cancellationToken), time.GetUtcNow());
            isFailing = false;
        }
#pragma warning disable CA1031 // Whatever keeps a report from being sent is logged, and the next one follows.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (cancellationToken.IsCancellationRequested) return;
            if (!isFailing) LogNotTold(error);
            isFailing = true;
        }
    }

    private async Task<long> TellAsync(IRunClient runs, bool leaving, CancellationToken cancellationToken)
    {
        var report = new WorkerReport
        {
            Worker = worker,
            Number = Interlocked.Increment(ref number),
            Rules = options.ToRules(),
            Load = load.Read(),
            Limited = limiters?.All.Sum(limiter => limiter.Status().Waiting) ?? 0,
            Leaving = leaving,
            Alone = options.Report == ScalingReports.WhenAsked,
        };
        Volatile.Write(ref lastTold, time.GetTimestamp());
        isTold = true;
        await runs.SignalEntityAsync(entity, ScalingEntity.Report, report, cancellationToken);
        return report.Number;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "This worker could not tell how loaded it is; it is not counted among the workers after 45 s. It tries again, and says this once.")]
    private partial void LogNotTold(Exception error);
}
