using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Activities;

/// <summary>Adds the activities that search and embed.</summary>
public static class SearchActivities
{
    /// <summary>Adds <c>SearchSource</c> and <c>Embed</c> with their JSON shapes. They need <see cref="SearchServices.AddSearch"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    public static CatalogBuilder AddSearchActivities(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .AddJson(SearchJsonContext.Default)
            .AddActivity(ActivityReferences.SearchSource, host => new SearchSourceActivity(host.GetRequiredService<SearchSources>()))
            .AddActivity(ActivityReferences.Embed, host => new EmbedActivity(host.GetRequiredService<IEmbeddingCatalog>(), host.GetRequiredService<IContentStore>()));
    }
}
