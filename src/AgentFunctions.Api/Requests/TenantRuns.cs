using System.Globalization;
using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Requests;

/// <summary>Whose a request is, and the instance IDs of a tenant's runs: for requests, messages and the command line alike.</summary>
internal static class TenantRuns
{
    public const string HeaderName = "X-Tenant";

    /// <summary>The tenant that the request names, or null where it names none.</summary>
    public static string? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(HeaderName, out var values) || values.Count == 0)
        {
            return null;
        }

        if (values.Count > 1)
        {
            throw ProblemException.Header(HeaderName, $"is sent {values.Count} times", "Send it once.");
        }

        var tenant = values.ToString();
        return Tenants.IsAllowed(tenant) ? tenant : throw ProblemException.Header(HeaderName, $"is '{Shown.Of(tenant)}'", Tenants.Rule);
    }

    /// <summary>The instance ID of a start: from the ID that was chosen, or a new one; null where the engine may make it.</summary>
    /// <param name="tenant">A tenant's name.</param>
    /// <param name="id">An ID for which <see cref="Fault"/> finds nothing, or null.</param>
    public static string? InstanceId(string tenant, string? id) => id switch
    {
        null => tenant == Tenants.Default ? null : New(tenant),
        _ => IsOwn(tenant, id) ? id : Tenants.InstanceId(tenant, id),
    };

    /// <summary>Why an ID can't be that of a tenant's run, to be put behind "is 'x'", or null where it can.</summary>
    /// <param name="tenant">A tenant's name.</param>
    /// <param name="id">An allowed instance ID, with or without the tenant's mark.</param>
    public static string? Fault(string tenant, string id)
    {
        var owner = Tenants.Of(id);
        if (owner != Tenants.Default && owner != tenant)
        {
            return $", the ID of a run of tenant '{owner}', but this start is for tenant '{tenant}'. Name the tenant '{owner}', or choose an ID that does not begin with a tenant's name and a tilde.";
        }

        if (InstanceIds.RootOf(id) is var root && root != id)
        {
            return $", which is the ID of a sub-orchestration of the run '{root}': those end in a colon and a call's number in hexadecimal. Choose an ID with another end.";
        }

        var whole = InstanceId(tenant, id)!;
        return whole.Length <= Identifiers.Longest
            ? null
            : string.Create(CultureInfo.InvariantCulture, $", which has {id.Length} characters, and {whole.Length} with the tenant in front ('{tenant}~'). An instance ID has at most {Identifiers.Longest}: choose one of at most {Identifiers.Longest - (whole.Length - id.Length)}.");
    }

    /// <summary>What the IDs of a tenant's runs begin with.</summary>
    public static string Prefix(string tenant, string? rest)
    {
        if (!Tenants.IsAllowed(tenant))
        {
            throw ProblemException.Parameter("tenant", $"is '{Shown.Of(tenant)}'", Tenants.Rule);
        }

        return tenant != Tenants.Default
            ? Tenants.InstanceId(tenant, rest ?? "")
            : throw ProblemException.Parameter("tenant", $"is '{tenant}'", "Runs that were started without a tenant have no beginning in common, so they can't be listed by it. Leave it out to list the runs of all.");
    }

    private static string New(string tenant) => Tenants.InstanceId(tenant, Guid.CreateVersion7().ToString("n"));

    /// <summary>Whether the ID is a whole one, as an earlier answer told it.</summary>
    private static bool IsOwn(string tenant, string id) => tenant != Tenants.Default && Tenants.Of(id) == tenant;
}
