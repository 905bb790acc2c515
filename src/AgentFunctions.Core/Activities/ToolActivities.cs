using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentFunctions.Core.Activities;

/// <summary>Adds the activities that call tools and cut documents.</summary>
public static class ToolActivities
{
    /// <summary>Adds the activities that call and describe tools, cut documents, read votes and store values, with their JSON shapes. They need <see cref="ToolServices.AddTools"/> and an <see cref="IContentStore"/> among the host's services.</summary>
    /// <param name="catalog">The catalog.</param>
    public static CatalogBuilder AddToolActivities(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .AddJson(ToolsJsonContext.Default)
            .AddJson(ActivitiesJsonContext.Default)
            .AddActivity(ActivityReferences.CallTool, host => host.GetRequiredService<CallToolActivity>())
            .AddActivity(ActivityReferences.ApplyTool, host => new ApplyToolActivity(host.GetRequiredService<CallToolActivity>(), host.GetRequiredService<IContentStore>()))
            .AddActivity(ActivityReferences.ReadVote, host => new ReadVoteActivity(host.GetRequiredService<IContentStore>()))
            .AddActivity(ActivityReferences.StoreJson, host => new StoreJsonActivity(host.GetRequiredService<IContentStore>()))
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
