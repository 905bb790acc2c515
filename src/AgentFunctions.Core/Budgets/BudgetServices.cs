using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Budgets;

/// <summary>Adds budgets to a host.</summary>
public static class BudgetServices
{
    /// <summary>Adds <see cref="BudgetLedger"/>; its settings are checked when the host starts. It reaches its entities as limits do, by <see cref="IEngineClient"/>; without one nothing is limited.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddBudgets(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkerName>();
        services.AddOptions<BudgetOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BudgetOptions>, BudgetOptionsValidation>());
        services.TryAddSingleton<IEngineClient>(host => new HostEngineClient(host.GetService<IRunClient>));
        services.TryAddSingleton<BudgetMetrics>();
        services.TryAddSingleton(Make);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ReturnAtStop<BudgetLedger>>());
        return services;
    }

    private static BudgetLedger Make(IServiceProvider host)
    {
        var time = host.GetRequiredService<TimeProvider>();
        var client = host.GetRequiredService<IEngineClient>();
        return new BudgetLedger(
            host.GetRequiredService<IOptions<BudgetOptions>>().Value,
            new EntityBudgetSource(client.Get, time),
            () => client.Current is not null,
            host.GetRequiredService<WorkerName>().Value,
            time,
            (host.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<BudgetLedger>(),
            host.GetRequiredService<BudgetMetrics>());
    }
}
