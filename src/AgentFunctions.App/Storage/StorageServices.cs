using AgentFunctions.App.Durable;
using AgentFunctions.Core.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFunctions.App.Storage;

/// <summary>Registers the stores over tables, and the sweep.</summary>
internal static class StorageServices
{
    /// <summary>Registers <see cref="IKeyValueStore"/> and <see cref="ICancellationBoard"/> over two tables.</summary>
    public static IServiceCollection AddTableStores(this IServiceCollection services, ITableClientPort values, ITableClientPort cancellations)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IKeyValueStore>(host => new TableKeyValueStore(values, host.GetRequiredService<Core.Durable.IContentStore>(), host.GetRequiredService<TimeProvider>()));
        services.AddSingleton(host => new TableCancellationBoard(cancellations, host.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICancellationBoard>(host => host.GetRequiredService<TableCancellationBoard>());
        return services;
    }

    /// <summary>Registers <see cref="StorageSweep"/> with its settings. Without an <see cref="IKeyValueStore"/> it purges history alone.</summary>
    public static IServiceCollection AddStorageSweep(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SweepOptions>().Bind(configuration.GetSection(SweepOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SweepOptions>, SweepOptionsValidator>());
        services.AddSingleton(host => new StorageSweep(
            host.GetService<IKeyValueStore>(),
            host.GetService<TableCancellationBoard>(),
            host.GetRequiredService<IOptions<SweepOptions>>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<StorageSweep>>()));
        return services;
    }
}
