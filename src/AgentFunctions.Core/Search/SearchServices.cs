using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Search;

/// <summary>Adds search to a host.</summary>
public static class SearchServices
{
    /// <summary>
    /// Adds <see cref="SearchSources"/>; the settings are checked when the host starts. It needs <see cref="ToolServices.AddTools"/>,
    /// <see cref="ModelServices.AddModels"/> and an <see cref="IContentStore"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options. Default: no sources but those that come with a request.</param>
    public static IServiceCollection AddSearch(this IServiceCollection services, Action<SearchOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SearchOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SearchOptions>, SearchOptionsValidation>());
        services.TryAddSingleton(host => new SearchSourceFactory(
            host.GetRequiredService<CallToolActivity>(),
            host.GetRequiredService<IEmbeddingCatalog>(),
            host.GetRequiredService<IContentStore>(),
            host.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(host => new SearchSources(host.GetRequiredService<IOptions<SearchOptions>>().Value, host.GetServices<NamedSearchSource>(), host.GetRequiredService<SearchSourceFactory>()));
        return services;
    }

    /// <summary>Adds a source of the host's own.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name that runs search it by.</param>
    /// <param name="source">Makes the source, once.</param>
    public static IServiceCollection AddSearchSource(this IServiceCollection services, string name, Func<IServiceProvider, ISearchSource> source) =>
        services.AddSingleton(host => new NamedSearchSource(name, source(host)));
}
