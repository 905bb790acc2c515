using AgentFunctions.Api.Admission;
using AgentFunctions.Api.Settings;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Load;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Models.Batching;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Scaling;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Tools;
using AgentFunctions.Core.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Api;

/// <summary>Registers what every host needs.</summary>
public static class AgentFunctionsServices
{
    /// <summary>
    /// Registers all that both hosts have in common: the cache, models, tools, search, MCP servers, live output, results and the HTTP contract. The host registers its own
    /// stores before, so that they are kept, and what replaces a part of this after it. Settings are checked when the host starts.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Where the sections of the cache, traffic control, tools, search and MCP servers are.</param>
    /// <param name="models">The models.</param>
    /// <exception cref="OptionsValidationException">The models' options can't work.</exception>
    public static IServiceCollection AddAgentFunctions(this IServiceCollection services, IConfiguration configuration, ModelOptions models)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSettings<ToolOptions>(configuration, ToolOptions.Section);
        services.AddSettings<SearchOptions>(configuration, SearchOptions.Section);
        services.AddSettings<McpOptions>(configuration, McpOptions.Section);
        services.AddSettings<CacheOptions>(configuration, CacheOptions.Section, "File"); // The embedded host's store on disk.
        services.AddSettings<LimitOptions>(configuration, LimitOptions.Section);
        services.AddSettings<BalancingOptions>(configuration, BalancingOptions.Section);
        services.AddSettings<RoutingOptions>(configuration, RoutingOptions.Section);
        services.AddSettings<AdmissionOptions>(configuration, AdmissionOptions.Section);
        services.AddSettings<BudgetOptions>(configuration, BudgetOptions.Section);
        services.AddSettings<BatchOptions>(configuration, BatchOptions.Section);
        services.AddSettings<ResilienceOptions>(configuration, ResilienceOptions.Section);
        services.AddSettings<ScalingOptions>(configuration, ScalingOptions.Section);
        return services
            .AddRunOutput()
            .AddCaching()
            .AddModels(models)
            .AddTools()
            .AddCacheTool()
            .AddSearch()
            .AddMcpServers()
            .AddChunkReader()
            .AddResults()
            .AddScaling()
            .AddAgentFunctionsApi();
    }

    /// <summary>
    /// Registers <see cref="ApiEnvironment"/> and <see cref="AgentFunctionsApi"/>. The host registers Catalog, IContentStore and (unless it makes
    /// an <see cref="AgentFunctionsApi"/> for each request) IRunClient; it may register <see cref="IHostState"/> and TimeProvider before, and IRunOutputStore, without which streams tell of history alone.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes settings. Default: none.</param>
    public static IServiceCollection AddAgentFunctionsApi(this IServiceCollection services, Action<ApiOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ApiOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>());
        services.AddOptions<AdmissionOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdmissionOptions>, AdmissionOptionsValidation>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHostState, RunningHost>();
        services.TryAddSingleton(host => new ApiParts
        {
            Output = host.GetService<IRunOutputStore>(),
            Cache = host.GetService<ICacheControl>(),
            Limits = host.GetService<DeploymentLimiters>(),
            Pools = host.GetService<DeploymentPools>(),
            Load = host.GetService<ILoadSource>(),
            Admission = host.GetRequiredService<IOptions<AdmissionOptions>>().Value,
            Budgets = host.GetService<BudgetLedger>(),
            Gates = host.GetService<CallGates>(),
            Circuits = host.GetService<CircuitBreakers>(),
            Scaling = host.GetService<ScalingReporter>(),
        });
        services.TryAddSingleton<ApiEnvironment>();

        // By a factory: a host that has no IRunClient of its own must still pass the container's check at start, which Functions makes on a developer's machine.
        services.TryAddSingleton(host => new AgentFunctionsApi(host.GetRequiredService<ApiEnvironment>(), host.GetRequiredService<IRunClient>()));
        return services;
    }
}
