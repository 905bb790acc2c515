using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Results;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentFunctions.Core.Models;

/// <summary>Registers model access.</summary>
public static class ModelServices
{
    /// <summary>Registers <see cref="IModelCatalog"/>, <see cref="CallModelActivity"/>, <see cref="ReadContentActivity"/>, <see cref="ConversationStore"/> and, unless the host has registered its own before, <see cref="SilentRunOutput"/>. The host registers IContentStore and <see cref="IChunkReader"/>.</summary>
    /// <param name="services">The host's services; TimeProvider is the system's unless it is registered before.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public static IServiceCollection AddModels(this IServiceCollection services, ModelOptions options)
    {
        ModelOptionsValidator.ThrowIfInvalid(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<IModelCatalog>(provider => new ModelCatalog(options, provider.GetRequiredService<TimeProvider>()));
        services.AddTransient<CallModelActivity>();
        services.AddTransient<ReadContentActivity>();
        services.TryAddSingleton(provider => new ConversationStore(provider.GetRequiredService<IContentStore>()));
        services.TryAddSingleton<IRunOutput, SilentRunOutput>();
        return services;
    }
}
