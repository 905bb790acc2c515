using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>One embedding model behind several deployments, over which requests are spread as those of <see cref="DeployedChatClient"/> are.</summary>
public sealed class DeployedEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly IReadOnlyList<IEmbeddingGenerator<string, Embedding<float>>> generators;
    private readonly DeploymentPool pool;

    /// <summary>Makes the generator; nothing is called yet.</summary>
    /// <param name="generators">What calls each deployment; at least one.</param>
    /// <param name="pool">What is known of them, in their order.</param>
    /// <exception cref="ArgumentException">The pool is of others.</exception>
    public DeployedEmbeddingGenerator(IReadOnlyList<IEmbeddingGenerator<string, Embedding<float>>> generators, DeploymentPool pool)
    {
        ArgumentNullException.ThrowIfNull(generators);
        ArgumentNullException.ThrowIfNull(pool);
        if (pool.Count != generators.Count) throw new ArgumentException($"The pool has {pool.Count} deployments, and there are {generators.Count} generators. Make it of the same.", nameof(pool));
        (this.generators, this.pool) = (generators, pool);
    }

    /// <inheritdoc/>
    /// <exception cref="ThrottledException">All deployments refuse for now: why each does, and the shortest time to wait. Where all are broken it is a <see cref="CircuitOpenException"/>.</exception>
    /// <exception cref="DeploymentRefusedException">All deployments refuse whatever they are asked.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        return await pool.CallAsync(options?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Affinity) as string, deployment => generators[deployment].GenerateAsync(texts, options, cancellationToken), cancellationToken);
    }

    /// <summary>This generator, or what the first deployment's says.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Handed on.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : generators[0].GetService(serviceType, serviceKey);
    }

    /// <summary>Lets go of the deployments' generators.</summary>
    public void Dispose()
    {
        foreach (var generator in generators) generator.Dispose();
    }
}
