using AgentFunctions.Core.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Api;

/// <summary>Registers the HTTP contract.</summary>
public static class AgentFunctionsServices
{
    /// <summary>
    /// Registers <see cref="ApiEnvironment"/> and <see cref="AgentFunctionsApi"/>. The host registers Catalog, IContentStore and (unless it makes
    /// an <see cref="AgentFunctionsApi"/> for each request) IRunClient; it may register <see cref="IHostState"/> and TimeProvider before, and IRunOutputStore, without which streams tell of history alone.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes settings. Default: none.</param>
    public static IServiceCollection AddAgentFunctionsApi(this IServiceCollection services, Action<ApiOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ApiOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHostState, RunningHost>();
        services.TryAddSingleton<ApiEnvironment>();

        // By a factory: a host that has no IRunClient of its own must still pass the container's check at start, which Functions makes on a developer's machine.
        services.TryAddSingleton(host => new AgentFunctionsApi(host.GetRequiredService<ApiEnvironment>(), host.GetRequiredService<IRunClient>()));
        return services;
    }
}
