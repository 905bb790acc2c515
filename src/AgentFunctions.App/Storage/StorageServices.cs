using AgentFunctions.Api.Settings;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Results;
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
    /// <summary>Registers <see cref="IKeyValueStore"/>, <see cref="ICancellationBoard"/> and <see cref="IRunOutputStore"/> over three tables.</summary>
    public static IServiceCollection AddTableStores(this IServiceCollection services, ITableClientPort values, ITableClientPort cancellations, ITableClientPort output)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IKeyValueStore>(host => new TableKeyValueStore(values, host.GetRequiredService<Core.Durable.IContentStore>(), host.GetRequiredService<TimeProvider>()));
        services.AddSingleton(host => new TableCancellationBoard(cancellations, host.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICancellationBoard>(host => host.GetRequiredService<TableCancellationBoard>());
        services.AddSingleton(host => new TableRunOutput(output, new TableRunOutputOptions(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<ForgivingRunOutput>>()));
        services.AddSingleton<IRunOutputStore>(host => host.GetRequiredService<TableRunOutput>());
        return services;
    }

    /// <summary>Registers <see cref="StorageSweep"/> with its settings. Without an <see cref="IKeyValueStore"/> it purges history alone.</summary>
    public static IServiceCollection AddStorageSweep(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SweepOptions>(configuration, SweepOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SweepOptions>, SweepOptionsValidator>());
        services.AddSingleton(host => new StorageSweep(
            host.GetService<IKeyValueStore>(),
            host.GetService<TableCancellationBoard>(),
            host.GetRequiredService<IOptions<SweepOptions>>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<StorageSweep>>(),
            host.GetService<TableRunOutput>()));
        return services;
    }
}
