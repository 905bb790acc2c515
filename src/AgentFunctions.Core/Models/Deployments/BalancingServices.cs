using AgentFunctions.Core.Limiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>Adds the pools of deployments to a host.</summary>
public static class BalancingServices
{
    /// <summary>Adds <see cref="DeploymentPools"/>; the settings are checked when the host starts.</summary>
    /// <param name="services">The host's services, with the limits of its models.</param>
    public static IServiceCollection AddBalancing(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<BalancingOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BalancingOptions>, BalancingOptionsValidation>());
        services.TryAddSingleton(host => new DeploymentPools(
            host.GetRequiredService<DeploymentLimiters>().Worker,
            host.GetRequiredService<IOptions<BalancingOptions>>().Value,
            host.GetRequiredService<TimeProvider>()));
        return services;
    }
}
