using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Models.OpenAICompatible;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models;

/// <summary>
/// What stands between an activity and a provider, in one place. A call goes from the outside in: the cache of the model, then a deployment of it, and there the
/// limits of the deployment, its client. Each part is a decorator of its own room; here is only their order.
/// </summary>
internal static class ModelChain
{
    /// <summary>What calls a model at a deployment.</summary>
    public static Func<ModelEndpoint, string, IChatClient> OverDeployments(IServiceProvider host, ModelOptions options)
    {
        Func<ModelEndpoint, string, IChatClient> chain = (endpoint, name) => new OpenAIChatClient(name, ModelServices.ConnectionOf(options, endpoint.Address, endpoint.Key, host));
        chain = LimitedModels.OverChats(host, chain);
        return chain;
    }

    /// <summary>What stands over a model with all its deployments.</summary>
    public static Func<ResolvedModel, IChatClient> OverModels(IServiceProvider host) => InOrder(
        CachedModels.OverChats(host));

    /// <summary>What calls the embedding model at its deployment.</summary>
    public static Func<string, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddingDeployment(IServiceProvider host, ModelOptions options)
    {
        Func<string, IEmbeddingGenerator<string, Embedding<float>>> chain = name => new OpenAIEmbeddingGenerator(name, ModelServices.ConnectionOf(options, options.Endpoint!, options.Key, host));
        chain = BatchedModels.Timed(host, chain);
        chain = LimitedModels.OverEmbeddings(host, options.Endpoint, chain);
        return chain;
    }

    /// <summary>What stands over an embedding model.</summary>
    public static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host) => InOrder(
        BatchedModels.OverEmbeddings(host),
        CachedModels.OverEmbeddings(host));

    /// <summary>One decorator after the other, the innermost first.</summary>
    private static Func<ResolvedModel, IChatClient> InOrder(params IReadOnlyList<Func<ResolvedModel, IChatClient>> decorators) =>
        model => decorators.Aggregate(model, (inner, decorate) => inner with { Client = decorate(inner) }).Client;

    private static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> InOrder(params IReadOnlyList<Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>>> decorators) =>
        model => decorators.Aggregate(model, (inner, decorate) => inner with { Generator = decorate(inner) }).Generator;
}
