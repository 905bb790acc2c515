using AgentFunctions.Core.Caching.Semantics;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Caching;

/// <summary>Adds the cache to a host.</summary>
public static class CacheServices
{
    /// <summary>
    /// Adds <see cref="ICallCache"/> and <see cref="ICacheControl"/>; the settings are checked when the host starts. Where the host has no <see cref="IKeyValueStore"/>
    /// (registered before or after), what is kept is in memory alone.
    /// </summary>
    /// <param name="services">The host's services; where no <see cref="TimeProvider"/> is among them, the system's is added.</param>
    /// <param name="configure">Sets the options. Default: their own.</param>
    public static IServiceCollection AddCaching(this IServiceCollection services, Action<CacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<CacheOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidation>());
        services.TryAddSingleton<IKeyValueStore>(host => new MemoryKeyValueStore(host.GetRequiredService<TimeProvider>(), Math.Max(1, Options(host).MemoryBytes)));
        services.TryAddSingleton<ISemanticMatcher>(host => new SemanticMatcher(Options(host).Semantic));
        services.TryAddSingleton(host => new LayeredCache(
            Options(host),
            host.GetRequiredService<IKeyValueStore>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<LayeredCache>>(),
            host.GetRequiredService<ISemanticMatcher>()));
        services.TryAddSingleton(host => new NoCache(host.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICallCache>(host => Options(host).Enabled ? host.GetRequiredService<LayeredCache>() : host.GetRequiredService<NoCache>());
        services.TryAddSingleton<ICacheControl>(host => Options(host).Enabled ? host.GetRequiredService<LayeredCache>() : host.GetRequiredService<NoCache>());
        return services;
    }

    private static CacheOptions Options(IServiceProvider host) => host.GetRequiredService<IOptions<CacheOptions>>().Value;
}
