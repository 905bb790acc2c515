using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Limiting;

/// <summary>The limiters of a host: one for each model with limits at each endpoint. One set for a process, as each counts as a worker of its own.</summary>
public sealed class DeploymentLimiters : IDisposable, IHeldByWorker
{
    private readonly Dictionary<string, DeploymentLimiter> byName = new(StringComparer.Ordinal);

    /// <summary>Makes them; nothing is asked for yet.</summary>
    /// <param name="models">The models with their limits.</param>
    /// <param name="client">Where the engine's client comes from.</param>
    /// <param name="options">The waits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes the log of limiters that do not answer.</param>
    /// <param name="worker">This host's name among the workers. Default: a new one.</param>
    public DeploymentLimiters(ModelOptions models, IEngineClient client, LimitOptions options, TimeProvider time, ILoggerFactory loggers, string? worker = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(loggers);
        Worker = worker ?? WorkerName.New();
        var logger = loggers.CreateLogger<DeploymentLimiters>();
        ModelChoice[] chats = [models.Fast, models.Balanced, models.Capable, .. models.Others];
        foreach (var endpoint in models.Endpoints)
        {
            foreach (var chat in chats) Add(endpoint, chat);
            Add(endpoint, models.Embedding);
        }

        void Add(ModelEndpoint endpoint, ModelChoice model)
        {
            if (model.Limits is not { Any: true } limits) return;
            var name = NameOf(endpoint.Address, model.Name);
            if (!byName.ContainsKey(name)) byName.Add(name, new DeploymentLimiter(name, limits, client, Worker, options, time, logger));
        }
    }

    /// <summary>This host's name among the workers: not that of any other, nor of its own earlier lives.</summary>
    public string Worker { get; }

    /// <summary>All of them, by the deployments' names.</summary>
    public IReadOnlyList<DeploymentLimiter> All => [.. byName.Values.OrderBy(limiter => limiter.Deployment, StringComparer.Ordinal)];

    string IHeldByWorker.Otherwise => "Its permits for calls of models run out within 15 s.";

    /// <summary>The name of a deployment: model@host.</summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="model">The model's name.</param>
    public static string NameOf(Uri endpoint, string model)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return $"{model}@{endpoint.Authority}";
    }

    /// <summary>The limiter of a model at an endpoint; null where it has no limits.</summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="model">The model's name.</param>
    public DeploymentLimiter? Find(Uri endpoint, string model) => byName.GetValueOrDefault(NameOf(endpoint, model));

    /// <summary>Where all of them stand: the limiters' entities, and this worker.</summary>
    /// <param name="runs">The engine's client.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<LimitsReport> ReportAsync(IRunClient runs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var deployments = await Task.WhenAll(All.Select(async limiter =>
        {
            RateLimiterState[] shards = await Task.WhenAll(Enumerable.Range(0, limiter.Shards).Select(async shard =>
                await runs.GetEntityStateAsync<RateLimiterState>(EntityReferences.RateLimiter(Sharding.NameOf(limiter.Deployment, shard)), cancellationToken) ?? new RateLimiterState()));
            var pausedUntil = shards.Max(shard => shard.Rate.PausedUntil);
            return new DeploymentLimits
            {
                Deployment = limiter.Deployment,
                RequestsPerMinute = limiter.Limits.RequestsPerMinute,
                TokensPerMinute = limiter.Limits.TokensPerMinute,
                Shards = limiter.Shards,
                Share = shards.Average(shard => RateReservation.ShareNow(shard.Rate, now)),
                PausedUntil = pausedUntil > now ? pausedUntil : null,
                Granted = shards.Sum(shard => shard.Granted),
                Returned = shards.Sum(shard => shard.Returned),
                Refused = shards.Max(shard => shard.Refusals),
                Here = limiter.Status(),
            };
        }));
        return new LimitsReport(Worker, deployments);
    }

    /// <summary>The worker stops: what it holds and does not need goes back.</summary>
    /// <returns>Ends when all limiters have heard it; it does not fail.</returns>
    public Task ReturnAsync() => Task.WhenAll(byName.Values.Select(limiter => limiter.ReturnAsync()));

    /// <summary>Ends all waits.</summary>
    public void Dispose()
    {
        foreach (var limiter in byName.Values) limiter.Dispose();
    }
}
