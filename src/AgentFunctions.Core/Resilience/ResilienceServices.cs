using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Resilience;

/// <summary>Adds circuit breakers and retries to a host.</summary>
public static class ResilienceServices
{
    /// <summary>
    /// Adds <see cref="CircuitBreakers"/> and what retries need; the settings are checked when the host starts. A host whose services have no IRunClient registers an
    /// <see cref="IEngineClient"/> before; without either each worker's circuits are its own. Adding it twice is as once.
    /// </summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddResilience(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkerName>();
        services.AddOptions<ResilienceOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ResilienceOptions>, ResilienceOptionsValidation>());
        services.TryAddSingleton<IEngineClient>(host => new HostEngineClient(host.GetService<IRunClient>));
        services.TryAddSingleton<ICircuitShare>(host => new EntityCircuitShare(host.GetRequiredService<IEngineClient>()));
        services.TryAddSingleton<ResilienceMetrics>();
        services.TryAddSingleton(host => new CircuitBreakers(
            host.GetRequiredService<IOptions<ResilienceOptions>>().Value,
            host.GetRequiredService<ICircuitShare>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ResilienceMetrics>(),
            host.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            worker: host.GetRequiredService<WorkerName>().Value));
        return services;
    }
}
