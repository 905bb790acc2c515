using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tools.Http;
using AgentFunctions.Core.Tools.Search;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools;

/// <summary>Adds tools to a host.</summary>
public static class ToolServices
{
    /// <summary>
    /// Adds the registry, <see cref="CallToolActivity"/> (which needs an <see cref="IContentStore"/>) and the built-in tools: <c>echo</c>, <c>delay</c>, <c>calculate</c>, <c>http-get</c>, <c>search-files</c>.
    /// Their settings are checked when the host starts.
    /// </summary>
    /// <param name="services">The host's services; where no <see cref="TimeProvider"/> is among them, the system's is added.</param>
    /// <param name="configure">Sets the tools' options. Default: no host may be called and no folder searched.</param>
    public static IServiceCollection AddTools(this IServiceCollection services, Action<ToolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ToolOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ToolOptions>, ToolOptionsValidation>());
        services.AddResilience();
        services.TryAddSingleton<ToolRegistry>();
        services.TryAddTransient(host => new CallToolActivity(host.GetRequiredService<ToolRegistry>(), host.GetRequiredService<IContentStore>(), host.GetRequiredService<TimeProvider>(), host, host.GetService<ICallCache>(), host.GetRequiredService<CircuitBreakers>(), host.GetService<BudgetLedger>()));
        services.AddTool(new EchoTool());
        services.AddTool(new CalculateTool());
        services.AddTool(host => new DelayTool(host.GetRequiredService<TimeProvider>()));
        services.AddTool(host => new HttpGetTool(Options(host).HttpGet, host.GetRequiredService<TimeProvider>()));
        return services.AddTool(host => new SearchFilesTool(Options(host).SearchFiles));
    }

    /// <summary>Adds <c>cache-invalidate</c>, which invalidates entries of the host's <see cref="Caching.ICacheControl"/>.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddCacheTool(this IServiceCollection services) => services.AddTool(host => new InvalidateCacheTool(host.GetService<Caching.ICacheControl>));

    /// <summary>Adds a tool: <c>services.AddTool(AIFunctionFactory.Create(GetWeather, "get-weather"))</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="tool">The tool.</param>
    public static IServiceCollection AddTool(this IServiceCollection services, AIFunction tool) => services.AddSingleton(tool);

    /// <summary>Adds a tool that needs the host's services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="tool">Makes the tool, once.</param>
    public static IServiceCollection AddTool(this IServiceCollection services, Func<IServiceProvider, AIFunction> tool) => services.AddSingleton(tool);

    private static ToolOptions Options(IServiceProvider host) => host.GetRequiredService<IOptions<ToolOptions>>().Value;
}
