using AgentFunctions.Core.Models.Budgets;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Models.Resilience;
using AgentFunctions.Core.Models.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Models;

/// <summary>
/// What stands between an activity and a provider, in one place. A call goes from the outside in: the choice of a model, the cache of the model, its retries, the budgets (each attempt is reserved and settled; those of embeddings stand over their
/// retries, as what is retried there is a batch of several runs), then a deployment of it, and there the circuit of the deployment, its limits, its client. Each part is a decorator of its own room; here is only their order.
/// </summary>
internal static class ModelChain
{
    /// <summary>What stands over all models: which of them a call goes to.</summary>
    public static IModelCatalog OverCatalog(IServiceProvider host, ModelOptions options, IModelCatalog catalog) => RoutedModels.Over(host, options, catalog);

    /// <summary>What calls a model at a deployment.</summary>
    public static Func<ModelEndpoint, string, IChatClient> OverDeployments(IServiceProvider host, ModelOptions options)
    {
        Func<ModelEndpoint, string, IChatClient> chain = (endpoint, name) => new OpenAIChatClient(name, ModelServices.ConnectionOf(options, endpoint.Address, endpoint.Key, host));
        chain = LimitedModels.OverChats(host, chain);
        chain = BrokenModels.OverChats(host, chain);
        return chain;
    }

    /// <summary>What stands over a model with all its deployments.</summary>
    public static Func<ResolvedModel, IChatClient> OverModels(IServiceProvider host) => InOrder(
        BudgetedModels.OverChats(host),
        RetriedModels.OverChats(host),
        CachedModels.OverChats(host));

    /// <summary>What calls the embedding model at its deployments.</summary>
    public static Func<string, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddingDeployments(IServiceProvider host, ModelOptions options) =>
        name => host.GetRequiredService<DeploymentPools>().OverEmbeddings(name, options.Endpoints, endpoint => OverEmbeddingDeployment(host, options with { Endpoint = endpoint.Address, Key = endpoint.Key, MoreEndpoints = [] })(name));

    /// <summary>What calls the embedding model at one deployment: that of the options' own endpoint.</summary>
    public static Func<string, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddingDeployment(IServiceProvider host, ModelOptions options)
    {
        Func<string, IEmbeddingGenerator<string, Embedding<float>>> chain = name => new OpenAIEmbeddingGenerator(name, ModelServices.ConnectionOf(options, options.Endpoint!, options.Key, host));
        chain = BatchedModels.Timed(host, chain);
        chain = LimitedModels.OverEmbeddings(host, options.Endpoint, chain);
        chain = BrokenModels.OverEmbeddings(host, options.Endpoint, chain);
        return chain;
    }

    /// <summary>What stands over an embedding model.</summary>
    public static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> OverEmbeddings(IServiceProvider host) => InOrder(
        RetriedModels.OverEmbeddings(host),
        BatchedModels.OverEmbeddings(host),
        BudgetedModels.OverEmbeddings(host),
        CachedModels.OverEmbeddings(host));

    /// <summary>One decorator after the other, the innermost first.</summary>
    private static Func<ResolvedModel, IChatClient> InOrder(params IReadOnlyList<Func<ResolvedModel, IChatClient>> decorators) =>
        model => decorators.Aggregate(model, (inner, decorate) => inner with { Client = decorate(inner) }).Client;

    private static Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>> InOrder(params IReadOnlyList<Func<ResolvedEmbedding, IEmbeddingGenerator<string, Embedding<float>>>> decorators) =>
        model => decorators.Aggregate(model, (inner, decorate) => inner with { Generator = decorate(inner) }).Generator;
}
