namespace AgentFunctions.Core.Durable;

/// <summary>
/// Whose run it is. The tenant is the instance ID's beginning, up to a tilde (<c>acme~3f2a</c>), so that it reaches every sub-orchestration and activity without a
/// place of its own in their inputs, and so that runs can be listed by tenant. An ID without one belongs to <see cref="Default"/>.
/// </summary>
public static class Tenants
{
    /// <summary>The tenant of runs that were started without one: <c>default</c>.</summary>
    public const string Default = "default";

    /// <summary>The longest name, in characters: 40.</summary>
    public const int LongestName = 40;

    /// <summary>What a name may be, in words.</summary>
    public const string Rule = "A tenant has 1 to 40 characters: small letters a to z, digits, '-', '_' and '.'.";

    private const char Mark = '~';

    /// <summary>Whether this can be a tenant's name.</summary>
    /// <param name="tenant">The name.</param>
    public static bool IsAllowed(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return tenant.Length is > 0 and <= LongestName && tenant.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.');
    }

    /// <summary>The tenant of a run: what its instance ID begins with, where that can be a tenant's name; else <see cref="Default"/>.</summary>
    /// <param name="instanceId">The run's instance ID, or that of one of its sub-orchestrations.</param>
    public static string Of(string instanceId)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var end = instanceId.IndexOf(Mark, StringComparison.Ordinal);
        return end > 0 && instanceId[..end] is var tenant && IsAllowed(tenant) ? tenant : Default;
    }

    /// <summary>The instance ID of a tenant's run.</summary>
    /// <param name="tenant">The tenant. That of <see cref="Default"/> leaves the ID as it is.</param>
    /// <param name="id">The rest of the ID.</param>
    /// <exception cref="ArgumentException">This can't be a tenant's name.</exception>
    public static string InstanceId(string tenant, string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!IsAllowed(tenant)) throw new ArgumentException($"The tenant '{tenant}' can't be used. {Rule}", nameof(tenant));
        return tenant == Default ? id : $"{tenant}{Mark}{id}";
    }
}
