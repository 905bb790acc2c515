using AgentFunctions.Api;
using AgentFunctions.App.Models;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.App.Storage;
using AgentFunctions.Core;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Durable;

/// <summary>Puts the app together.</summary>
internal static class AppServices
{
    /// <summary>How long the Functions host may take to tell a history.</summary>
    private static readonly TimeSpan HistoryTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection to the host is kept: a name that moves is found again.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The catalog of the app: the project's own, and what only this engine needs.</summary>
    public static Catalog CreateCatalog(Action<CatalogBuilder>? extend = null) => AgentFunctionsCatalog.Create(builder =>
    {
        builder.AddJson(AppJsonContext.Default)
            .AddActivity(CallCancellation.Activity, host => new CancelCallsActivity(host.GetRequiredService<ICancellationBoard>(), host.GetRequiredService<IRunClient>(), host.GetRequiredService<TimeProvider>()));
        extend?.Invoke(builder);
    });

    /// <summary>Adds everything but what the Azure SDKs give; where they have registered a store before, it is kept.</summary>
    public static IServiceCollection AddAgentFunctionsApp(this IServiceCollection services, Catalog catalog, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IContentStore, MemoryContentStore>();
        services.TryAddSingleton<ICancellationBoard, MemoryCancellationBoard>();
        services.AddSingleton(catalog);
        services.AddSingleton<IHostState>(host => new WorkerState(host.GetService<IHostApplicationLifetime>()));
        var slots = WorkerSlots.Read(configuration);
        services.AddSingleton(host => new ActivityMeter(host.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILoadSource>(host => new WorkerLoad(host.GetRequiredService<ActivityMeter>(), slots));
        services.AddSingleton<SeenRunClient>();
        services.AddSingleton<IEngineClient>(host => host.GetRequiredService<SeenRunClient>());
        services.AddAgentFunctions(configuration, AzureOpenAIModels.Read(configuration));
        services.AddAzureOpenAI(configuration, AppCredential.Create(configuration));
        services.AddAgentTasks();
        services.AddHostedService<StartTrace>();
        services.AddStorageSweep(configuration);
        services.AddSingleton(host => new CancellationWatch(host.GetRequiredService<ICancellationBoard>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<CancellationWatch>>()));
        services.TryAddSingleton<IHostHistory>(host => new HostHistory(new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime }) { Timeout = HistoryTimeout }, host.GetRequiredService<ILogger<HostHistory>>()));
        services.AddSingleton(host => new RunHistory(host.GetRequiredService<IHostHistory>()));
        services.AddSingleton(host => new FunctionsApi(host.GetRequiredService<ApiEnvironment>(), catalog, host.GetRequiredService<ICancellationBoard>(), host.GetRequiredService<RunHistory>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<IRunOutputStore>(), host.GetRequiredService<SeenRunClient>()));
        services.AddSingleton(_ => new FunctionsOrchestrators(catalog));
        services.AddSingleton(host => new FunctionsActivities(catalog, host, host.GetRequiredService<CancellationWatch>(), host.GetRequiredService<IRunOutputStore>(), host.GetRequiredService<ActivityMeter>(), host.GetRequiredService<TimeProvider>()));
        return services;
    }
}
