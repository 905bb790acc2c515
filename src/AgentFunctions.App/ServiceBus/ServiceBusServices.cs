using AgentFunctions.Api;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.ServiceBus;

/// <summary>Registers what the trigger of the queue calls.</summary>
internal static class ServiceBusServices
{
    /// <summary>Registers <see cref="ServiceBusTasks"/>. It needs ApiEnvironment, the catalog, the cancellation board and TimeProvider.</summary>
    public static IServiceCollection AddAgentTasks(this IServiceCollection services) => services.AddSingleton(host => new ServiceBusTasks(
        new AgentTaskProcessor(host.GetRequiredService<ApiEnvironment>(), host.GetRequiredService<ILogger<AgentTaskProcessor>>()),
        client => new FunctionsRunClient(client, host.GetRequiredService<Catalog>(), host.GetRequiredService<ICancellationBoard>(), host.GetRequiredService<TimeProvider>(), host.GetService<Core.Results.IRunOutputStore>()),
        host.GetRequiredService<TimeProvider>()));
}
