using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Limiting;

/// <summary>Adds the limits of models to a host.</summary>
public static class LimitingServices
{
    /// <summary>
    /// Adds <see cref="DeploymentLimiters"/>, which give back what they hold as the host stops, and <see cref="CallGates"/>; the settings are checked when the host starts. A host whose services have no IRunClient registers an
    /// <see cref="IEngineClient"/> before; without either its calls are not limited.
    /// </summary>
    /// <param name="services">The host's services, with the <see cref="ModelOptions"/> that say the limits.</param>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkerName>();
        services.AddOptions<LimitOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitOptions>, LimitOptionsValidation>());
        services.TryAddSingleton<IEngineClient>(host => new HostEngineClient(host.GetService<IRunClient>));
        services.TryAddSingleton(host => new CallGates(host.GetRequiredService<IOptions<LimitOptions>>().Value, host.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(host => new DeploymentLimiters(
            host.GetRequiredService<ModelOptions>(),
            host.GetRequiredService<IEngineClient>(),
            host.GetRequiredService<IOptions<LimitOptions>>().Value,
            host.GetRequiredService<TimeProvider>(),
            host.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            host.GetRequiredService<WorkerName>().Value));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ReturnAtStop<DeploymentLimiters>>());
        return services;
    }
}
