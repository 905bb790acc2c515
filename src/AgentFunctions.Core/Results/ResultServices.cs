using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentFunctions.Core.Results;

/// <summary>Registers what publishes results.</summary>
public static class ResultServices
{
    /// <summary>Registers <see cref="SilentResultPublisher"/> and default <see cref="ResultOptions"/>, unless the host has registered its own before.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddResults(this IServiceCollection services)
    {
        services.TryAddSingleton(new ResultOptions());
        services.TryAddSingleton<IResultPublisher, SilentResultPublisher>();
        return services;
    }

    /// <summary>Adds <c>PublishResult</c> with its JSON shapes. It needs <see cref="AddResults"/> and an <see cref="IContentStore"/> among the host's services.</summary>
    /// <param name="catalog">The catalog.</param>
    public static CatalogBuilder AddResultActivities(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .AddJson(ResultsJsonContext.Default)
            .AddActivity(ActivityReferences.PublishResult, host => new PublishResultActivity(host.GetRequiredService<IResultPublisher>(), host.GetRequiredService<IContentStore>(), host.GetRequiredService<ResultOptions>()));
    }
}
