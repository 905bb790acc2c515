using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <summary>The limiter of a deployment as a worker has it: its <see cref="PermitPool"/>, and the waits of the lanes. Where the host has no engine's client it limits nothing, and says so once in the log.</summary>
public sealed partial class DeploymentLimiter : IDisposable
{
    private readonly IEngineClient client;
    private readonly PermitPool pool;
    private readonly LimitOptions options;
    private readonly ILogger logger;
    private int hasWarned;

    /// <summary>Makes it; nothing is asked for yet.</summary>
    /// <param name="deployment">The deployment's name: model@host.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="client">Where the engine's client comes from.</param>
    /// <param name="worker">This worker's name, unlike that of every other and of its own earlier lives.</param>
    /// <param name="options">The waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of a limiter that does not answer.</param>
    public DeploymentLimiter(string deployment, RateLimits limits, IEngineClient client, string worker, LimitOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        (Deployment, Limits, this.client, this.options, this.logger) = (deployment, limits, client, options, logger);
        pool = new PermitPool(deployment, limits, new EntityLeaseSource(client.Get, time), worker, time, logger, options.Shards);
    }

    /// <summary>The deployment's name.</summary>
    public string Deployment { get; }

    /// <summary>Its limits.</summary>
    public RateLimits Limits { get; }

    /// <summary>Among how many entities the limits are divided.</summary>
    public int Shards => pool.Shards;

    /// <summary>Waits for leave to start a call.</summary>
    /// <param name="tokens">The tokens that it is likely to use, in and out.</param>
    /// <param name="lane">Who waits for it.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    /// <exception cref="ThrottledException">It would not be the call's turn in the time that its lane may wait. It says when to come back.</exception>
    public Task<Permit> AcquireAsync(double tokens, RunPriority lane, CancellationToken cancellationToken)
    {
        if (client.Current is not null) return pool.AcquireAsync(new PermitAsk(tokens, lane, options.WaitOf(lane)), cancellationToken);
        if (Interlocked.Exchange(ref hasWarned, 1) == 0) LogNoClient(Deployment);
        return Task.FromResult(Permit.Free);
    }

    /// <summary>Where this worker stands.</summary>
    public PoolStatus Status() => pool.Status();

    /// <summary>How long a call of this lane that came now would wait on this worker, going by what has started lately.</summary>
    /// <param name="lane">The lane.</param>
    public TimeSpan ForecastWait(RunPriority lane) => pool.ForecastWait(lane);

    /// <summary>The worker stops: what it holds and does not need goes back.</summary>
    /// <returns>Ends when the limiter has heard it; it does not fail.</returns>
    public Task ReturnAsync() => pool.ReturnAsync();

    /// <summary>Ends all waits.</summary>
    public void Dispose() => pool.Dispose();

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The deployment '{Deployment}' has limits, but this host has no engine's client to share them by: its calls are not limited.")]
    private partial void LogNoClient(string deployment);
}
