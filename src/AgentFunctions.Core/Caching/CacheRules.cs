using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Caching;

/// <summary>What may be asked of the cache.</summary>
internal static class CacheRules
{
    private const int ShownCharacters = 80;

    /// <summary>Refuses a request that can't work.</summary>
    /// <exception cref="PermanentFailureException">It can't; the message names each part, its value and the range.</exception>
    public static void Check(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new InputErrors();
        errors.AddIf(request.Tenant is null || !Tenants.IsAllowed(request.Tenant), "tenant", $"The tenant '{request.Tenant?.Shortened(ShownCharacters)}' can't be used. {Tenants.Rule}");
        errors.AddIf(!Enum.IsDefined(request.Kind), "kind", $"There is no kind '{request.Kind}'. There are: {string.Join(", ", Enum.GetNames<CacheKind>())}.");
        errors.AddIf(string.IsNullOrEmpty(request.Maker), "maker", "The maker is empty. Set it to the name of the model or tool.");
        CacheSettingsRules.Check(request.Settings, "cache", errors);
        CacheSteering.Refuse(errors);
    }
}
