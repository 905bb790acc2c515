using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Invalidates entries of the cache for an orchestrator: those of its run's tenant, and shared ones. Doing it twice is as once, but for what was kept in between.
/// An invalidation without a kind, tag or key is of all that the tenant has.
/// </summary>
/// <param name="cache">The host's cache.</param>
public sealed class InvalidateCacheActivity(ICacheControl cache) : Activity<CacheInvalidation, CacheInvalidationReceipt>
{
    /// <summary>Invalidates them. When it has returned, no worker serves them.</summary>
    /// <param name="context">Which call it serves; its run's tenant is whose entries are meant.</param>
    /// <param name="input">Which entries; the tenant is left out, or the run's own.</param>
    /// <param name="cancellationToken">Ends the wait; the invalidation may hold or not.</param>
    /// <exception cref="PermanentFailureException">What is asked for does not fit, or is another tenant's.</exception>
    /// <exception cref="CacheUnavailableException">The store did not take it: a retry policy tries again.</exception>
    public override async Task<CacheInvalidationReceipt> RunAsync(ActivityContext context, CacheInvalidation input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var what = OfRun(context.InstanceId, input);
        await cache.InvalidateAsync(what, cancellationToken);
        return new CacheInvalidationReceipt(what);
    }

    /// <summary>The invalidation that a run may ask for: of its own tenant's entries.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="asked">What it asks for.</param>
    /// <exception cref="PermanentFailureException">It does not fit, or is another tenant's.</exception>
    internal static CacheInvalidation OfRun(string instanceId, CacheInvalidation asked)
    {
        var own = Tenants.Of(instanceId);
        if (asked.Tenant is { } tenant && tenant != own)
        {
            throw new PermanentFailureException($"The run '{instanceId}' of tenant '{own}' asks to invalidate entries of tenant '{tenant}'. A run can invalidate its own tenant's alone: leave the tenant out, or use DELETE /api/cache.");
        }

        var what = asked with { Tenant = own };
        CacheSteering.Refuse(CacheSteering.Errors(what));
        return what;
    }
}
