using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentFunctions.Core.Activities;

/// <summary>Adds the activities that call tools and cut documents.</summary>
public static class ToolActivities
{
    /// <summary>Adds <c>CallTool</c>, <c>DescribeTools</c> and <c>SplitDocument</c> with their JSON shapes. They need <see cref="ToolServices.AddTools"/> and an <see cref="IContentStore"/> among the host's services.</summary>
    /// <param name="catalog">The catalog.</param>
    public static CatalogBuilder AddToolActivities(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .AddJson(ToolsJsonContext.Default)
            .AddJson(ActivitiesJsonContext.Default)
            .AddActivity(ActivityReferences.CallTool, host => new CallToolActivity(host.GetRequiredService<ToolRegistry>(), host.GetRequiredService<IContentStore>(), host))
            .AddActivity(ActivityReferences.DescribeTools, host => new DescribeToolsActivity(host.GetRequiredService<ToolRegistry>()))
            .AddActivity(ActivityReferences.SplitDocument, host => new SplitDocumentActivity(host.GetRequiredService<IContentStore>()));
    }

    /// <summary>Adds the reader of chunks that SplitDocument stored. It needs an <see cref="IContentStore"/>.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddChunkReader(this IServiceCollection services)
    {
        services.TryAddSingleton<IChunkReader>(host => new ChunkReader(host.GetRequiredService<IContentStore>()));
        return services;
    }
}
