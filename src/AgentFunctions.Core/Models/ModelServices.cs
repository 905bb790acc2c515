using System.ClientModel.Primitives;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Results;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentFunctions.Core.Models;

/// <summary>Registers model access.</summary>
public static class ModelServices
{
    /// <summary>Registers <see cref="IModelCatalog"/>, <see cref="IEmbeddingCatalog"/>, <see cref="IBatchProvider"/>, <see cref="CallModelActivity"/>, <see cref="ReadContentActivity"/>, <see cref="ConversationStore"/> and, unless the host has registered its own before, <see cref="SilentRunOutput"/>. The host registers IContentStore and <see cref="IChunkReader"/>; where it registers an <see cref="ICallCache"/>, answers and vectors are kept there. Limits of models are kept through the host's IRunClient. Where it registers an <see cref="AuthenticationPolicy"/>, that proves who calls, and not a key.</summary>
    /// <param name="services">The host's services; TimeProvider is the system's unless it is registered before.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public static IServiceCollection AddModels(this IServiceCollection services, ModelOptions options)
    {
        ModelOptionsValidator.ThrowIfInvalid(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddLimits();
        services.AddBalancing();
        services.AddResilience();
        services.AddRouting(options);
        services.AddBudgets();
        services.AddBatching();
        services.AddSingleton<IModelCatalog>(provider => ModelChain.OverCatalog(provider, options, new ModelCatalog(options, ModelChain.OverDeployments(provider, options), ModelChain.OverModels(provider), provider.GetRequiredService<DeploymentPools>())));
        services.AddSingleton<IEmbeddingCatalog>(provider => new EmbeddingCatalog(options, ModelChain.OverEmbeddingDeployments(provider, options), ModelChain.OverEmbeddings(provider)));
        services.AddSingleton<IBatchProvider>(host => options.Endpoint is null
            ? new OfflineBatchProvider(host.GetRequiredService<IContentStore>())
            : new OpenAIBatchProvider(ConnectionOf(options, options.Endpoint, options.Key, host)));
        services.AddTransient<CallModelActivity>();
        services.AddTransient<ReadContentActivity>();
        services.TryAddSingleton(provider => new ConversationStore(provider.GetRequiredService<IContentStore>()));
        services.TryAddSingleton<IRunOutput, SilentRunOutput>();
        return services;
    }

    /// <summary>How a model is reached: as the identity that the host has registered, or else by its key.</summary>
    internal static OpenAIConnection ConnectionOf(ModelOptions options, Uri endpoint, string? key, IServiceProvider host) =>
        new() { Endpoint = endpoint, Key = key, Authentication = host.GetService<AuthenticationPolicy>(), Timeout = options.Timeout, Time = host.GetRequiredService<TimeProvider>() };
}
