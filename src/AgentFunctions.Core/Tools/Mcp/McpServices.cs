using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools.Mcp;

/// <summary>Adds the tools of MCP servers to a host.</summary>
public static class McpServices
{
    /// <summary>Adds the configured MCP servers. Bind <see cref="McpOptions"/> to the section <see cref="McpOptions.Section"/>; the settings are checked when the host starts. It needs <see cref="ToolServices.AddTools"/>, an IContentStore and logging.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets more options. Default: none.</param>
    public static IServiceCollection AddMcpServers(this IServiceCollection services, Action<McpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<McpOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<McpOptions>, McpOptionsValidation>());
        services.TryAddSingleton<McpServers>();
        services.AddSingleton<IHostedService>(host => host.GetRequiredService<McpServers>());
        return services;
    }
}
