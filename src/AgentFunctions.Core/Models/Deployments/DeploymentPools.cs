using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>The pools of a host: one for each model. One set for a process, as each judges by the calls of its own.</summary>
public sealed class DeploymentPools : IDisposable
{
    private readonly ConcurrentDictionary<string, DeploymentPool> byModel = new(StringComparer.Ordinal);
    private readonly BalancingOptions options;
    private readonly TimeProvider time;
    private readonly PoolMetrics metrics;

    /// <summary>Makes them, as yet without a pool.</summary>
    /// <param name="worker">This process' name among the workers.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    public DeploymentPools(string worker, BalancingOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Worker, this.options, this.time) = (worker, options, time);
        metrics = new PoolMetrics(() => byModel.Values.SelectMany(pool => pool.Report().Deployments));
    }

    /// <summary>This process' name among the workers.</summary>
    public string Worker { get; }

    /// <summary>A model behind its deployments.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="deployments">The deployments and what calls each; at least one.</param>
    public IChatClient OverChats(string model, IReadOnlyList<(ModelEndpoint Endpoint, IChatClient Client)> deployments)
    {
        ArgumentNullException.ThrowIfNull(deployments);
        return new DeployedChatClient(deployments, PoolOf(model, [.. deployments.Select(deployment => deployment.Endpoint)]));
    }

    /// <summary>An embedding model behind its deployments.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="endpoints">The deployments; at least one.</param>
    /// <param name="connect">Makes what calls one.</param>
    public IEmbeddingGenerator<string, Embedding<float>> OverEmbeddings(string model, IReadOnlyList<ModelEndpoint> endpoints, Func<ModelEndpoint, IEmbeddingGenerator<string, Embedding<float>>> connect) =>
        new DeployedEmbeddingGenerator([.. endpoints.Select(connect)], PoolOf(model, endpoints));

    /// <summary>Where all of them stand on this worker.</summary>
    public PoolsReport Report() => new(Worker, options.Strategy.ToString(), [.. byModel.Values.OrderBy(pool => pool.Model, StringComparer.Ordinal).Select(pool => pool.Report())]);

    /// <summary>Ends the meter.</summary>
    public void Dispose() => metrics.Dispose();

    private DeploymentPool PoolOf(string model, IReadOnlyList<ModelEndpoint> endpoints) =>
        byModel.GetOrAdd(model, name => new DeploymentPool(name, endpoints, options, time, metrics: metrics));
}
