using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Caching;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Caching;

/// <summary>What a query or a message asks to have invalidated.</summary>
internal sealed record InvalidationRequest
{
    /// <summary>Whose. Default: the sender's tenant where it names one, else every tenant's.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of which kind. Default: every kind.</summary>
    public CacheKind? Kind { get; init; }

    /// <summary>With which tag. Default: with any or none.</summary>
    public string? Tag { get; init; }

    /// <summary>A single entry, with its tenant. Default: none.</summary>
    public string? Key { get; init; }

    /// <summary>That all entries are meant, of the tenant where one is named: so nothing that was left out by mistake empties a cache. Default: false.</summary>
    public bool All { get; init; }

    /// <summary>The request of a query.</summary>
    public static InvalidationRequest Read(HttpRequest request, ApiOptions options)
    {
        var query = new QueryValues(request, options, "tenant", "kind", "tag", "key", "all");
        return new InvalidationRequest
        {
            Tenant = query.Text("tenant", Longest),
            Kind = query.Text("kind", Longest) is null ? null : query.Choice("kind", CacheKind.Response),
            Tag = query.Text("tag", Longest),
            Key = query.Text("key", Longest),
            All = query.Flag("all", absent: false),
        };
    }

    /// <summary>The request of a JSON object.</summary>
    public static InvalidationRequest Read(JsonElement body, JsonSerializerOptions json) => TypedBody.Read<InvalidationRequest>(body, "invalidation", json);

    /// <summary>The invalidation that is asked for.</summary>
    /// <param name="sender">The tenant that the sender names itself (a header, a message's property), or null.</param>
    public CacheInvalidation ToInvalidation(string? sender)
    {
        if (sender is not null && Tenant is not null && Tenant != sender)
        {
            throw Wrong("tenant", $"The tenant is '{Shown.Of(Tenant)}', but the sender names itself '{sender}' ({TenantRuns.HeaderName}, or the message's property 'tenant'). Leave one of them out.");
        }

        var narrowed = Kind is not null || Tag is not null || Key is not null;
        if (All && narrowed)
        {
            throw Wrong("all", "Everything is asked for (all=true), and a kind, a tag or a key too. Leave all out, or the others.");
        }

        if (!All && !narrowed && Tenant is null)
        {
            var whose = sender is null ? "of every tenant" : $"of tenant '{sender}'";
            throw Wrong("all", $"Nothing says what to invalidate. Give kind ({string.Join(", ", Enum.GetNames<CacheKind>())}), tag, key (with its tenant) or tenant; to invalidate every entry {whose}, give all=true.");
        }

        var what = new CacheInvalidation { Tenant = Tenant ?? sender, Kind = Kind, Tag = Tag, Key = Key };
        var errors = CacheSteering.Errors(what);
        return errors.IsEmpty ? what : throw new ProblemException(ProblemKind.InvalidRequest, $"The invalidation does not fit. {CacheSteering.Text(errors)}") { Errors = errors.ByPath };
    }

    private const int Longest = 1000;

    private static ProblemException Wrong(string name, string message) =>
        new(ProblemKind.InvalidRequest, message) { Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [message] } };
}
