using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Batching;

/// <summary>Joins the requests of a host's embedding model.</summary>
public static class BatchedModels
{
    /// <summary>Adds the settings, which are checked when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddBatching(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<BatchOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BatchOptions>, BatchOptionsValidation>());
        return services;
    }

    /// <summary>The decorator of a catalog's embedding models: none where batching is switched off.</summary>
    /// <param name="host">The host's services.</param>
    public static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return model => host.GetRequiredService<IOptions<BatchOptions>>().Value is { Enabled: true } options
            ? new BatchingEmbeddingGenerator(model.Generator, options, host.GetRequiredService<TimeProvider>())
            : model.Generator;
    }

    /// <summary>Measures how long the provider takes, under whatever waits.</summary>
    /// <param name="host">The host's services.</param>
    /// <param name="connect">Makes the deployment's generator.</param>
    internal static Func<string, IEmbeddingGenerator<string, Embedding<float>>> Timed(IServiceProvider host, Func<string, IEmbeddingGenerator<string, Embedding<float>>> connect) =>
        name => new TimedEmbeddingGenerator(connect(name), host.GetRequiredService<TimeProvider>());
}
