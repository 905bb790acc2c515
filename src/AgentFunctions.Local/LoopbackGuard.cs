using System.Net;
using AgentFunctions.Api;
using AgentFunctions.Api.Problems;

namespace AgentFunctions.Local;

/// <summary>
/// The embedded host has no keys: being on this machine is the permission. A browser on this machine is led by any page it shows, so what
/// comes from a page of another site (Origin), or under a name that only points here (Host, DNS rebinding), is refused.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next, ApiEnvironment environment)
{
    /// <summary>Refuses a foreign request with a problem, and passes on any other.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (Reason(context) is { } reason)
        {
            await ProblemReplies.From(new ProblemException(ProblemKind.ForeignOrigin, reason), environment, context.Request).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static string? Reason(HttpContext context)
    {
        if (context.Connection.LocalIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            // Served to a network on purpose (--urls): who may call is then for a proxy to say.
            return null;
        }

        var host = context.Request.Host.Host;
        if (!IsThisMachine(host))
        {
            return $"The header Host is '{host}', which is not this machine. Call the host as 127.0.0.1 or localhost.";
        }

        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == context.Request.Host.Value)
            ? $"The header Origin is '{origin}', a page that this host did not serve. Call it from outside a browser, or from its own pages."
            : null;
    }

    private static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
