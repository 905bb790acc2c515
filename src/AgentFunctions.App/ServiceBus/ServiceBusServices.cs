using AgentFunctions.Api;
using AgentFunctions.App.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.ServiceBus;

/// <summary>Registers what the trigger of the queue calls.</summary>
internal static class ServiceBusServices
{
    /// <summary>Registers <see cref="ServiceBusTasks"/>. It needs ApiEnvironment, FunctionsApi and TimeProvider.</summary>
    public static IServiceCollection AddAgentTasks(this IServiceCollection services) => services.AddSingleton(host => new ServiceBusTasks(
        new AgentTaskProcessor(host.GetRequiredService<ApiEnvironment>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<AgentTaskProcessor>>()),
        host.GetRequiredService<FunctionsApi>().Client,
        host.GetRequiredService<TimeProvider>()));
}
