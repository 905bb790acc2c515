using System.Text.Json.Serialization;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Activities;

/// <summary>Adds the activities that steer the cache.</summary>
public static class CacheActivities
{
    /// <summary>Adds <c>InvalidateCache</c> with its JSON shapes. It needs an <see cref="ICacheControl"/> among the host's services.</summary>
    /// <param name="catalog">The catalog.</param>
    public static CatalogBuilder AddCacheActivities(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .AddJson(CacheActivitiesJsonContext.Default)
            .AddActivity(ActivityReferences.InvalidateCache, host => new InvalidateCacheActivity(host.GetRequiredService<ICacheControl>()));
    }
}

/// <summary>The JSON shapes of the activities that steer the cache.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CacheInvalidation))]
[JsonSerializable(typeof(CacheInvalidationReceipt))]
internal sealed partial class CacheActivitiesJsonContext : JsonSerializerContext;
