using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Scaling;

/// <summary>Adds scaling to a host.</summary>
public static class ScalingServices
{
    /// <summary>Adds <see cref="ScalingReporter"/>; the settings are checked when the host starts. A host without an <see cref="ILoadSource"/> tells that it has no slots, and nothing is decided by it.</summary>
    /// <param name="services">The host's services, with <see cref="LimitingServices.AddLimits"/>.</param>
    public static IServiceCollection AddScaling(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkerName>();
        services.TryAddSingleton<ILoadSource, UnknownLoad>();
        services.AddOptions<ScalingOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ScalingOptions>, ScalingOptionsValidation>());
        services.TryAddSingleton(host => new ScalingReporter(
            host.GetRequiredService<IOptions<ScalingOptions>>().Value,
            host.GetRequiredService<ILoadSource>(),
            host.GetRequiredService<IEngineClient>(),
            host.GetService<DeploymentLimiters>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetService<ILogger<ScalingReporter>>() ?? NullLogger<ScalingReporter>.Instance,
            host.GetRequiredService<WorkerName>().Value));
        services.AddHostedService(host => host.GetRequiredService<ScalingReporter>());
        return services;
    }

    private sealed class UnknownLoad : ILoadSource
    {
        private static readonly LoadSample Nothing = new();

        public LoadSample Read() => Nothing;
    }
}
