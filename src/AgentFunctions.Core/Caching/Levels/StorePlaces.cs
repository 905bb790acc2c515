using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>Where the cache keeps what in the store. Names with a star are no tenant's (<see cref="Durable.Tenants.Rule"/>).</summary>
internal static class StorePlaces
{
    /// <summary>Whose is what concerns every tenant.</summary>
    public const string Everyone = "*";

    /// <summary>Whose shared entries are.</summary>
    public const string Shared = "*shared";

    /// <summary>An entry's place.</summary>
    public static KeyValueKey Entry(string owner, CacheKind kind, in CacheKey key) => new(new KeyValuePartition(owner, CacheKey.KindName(kind)), key.ToString());

    /// <summary>The place of an intent's pointer.</summary>
    public static KeyValueKey Pointer(string owner, in CacheKey intent) => new(new KeyValuePartition(owner, "intent"), intent.ToString());

    /// <summary>The place of a document of invalidations.</summary>
    public static KeyValueKey Generations(string owner, int document) => new(new KeyValuePartition(owner, "generations"), document.ToString("d2", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The place of what a tenant's feedback has taught.</summary>
    public static KeyValueKey Feedback(string tenant) => new(new KeyValuePartition(tenant, "feedback"), "feedback");
}
