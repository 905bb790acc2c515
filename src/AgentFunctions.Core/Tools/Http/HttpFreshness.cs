using System.Net;

namespace AgentFunctions.Core.Tools.Http;

/// <summary>
/// How long a response stays fresh (RFC 9111, section 4.2), as far as it says so itself: nothing is guessed from Last-Modified. Kept answers serve one tenant, so
/// <c>private</c> is no bar, and where both are given the smaller of <c>max-age</c> and <c>s-maxage</c> counts; nothing is revalidated, so <c>no-cache</c> is as
/// <c>no-store</c>. Requests are all alike but for their URL, so only <c>Vary: *</c> matters. Pure.
/// </summary>
internal static class HttpFreshness
{
    /// <summary>How long from now; zero for not at all, null for a permanent redirect that says nothing of its time.</summary>
    /// <param name="response">The response.</param>
    /// <param name="now">When it came.</param>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        if (IsForbidden(response)) return TimeSpan.Zero;
        if (Lifetime(response, now) is not { } lifetime) return response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.PermanentRedirect ? null : TimeSpan.Zero;
        var fresh = lifetime - Age(response, now);
        return fresh > TimeSpan.Zero ? fresh : TimeSpan.Zero;
    }

    private static bool IsForbidden(HttpResponseMessage response)
    {
        var isKnown = response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NonAuthoritativeInformation || (int)response.StatusCode is >= 300 and < 400;
        var control = response.Headers.CacheControl;

        // What can't be read may forbid it.
        var isUnread = control is null && response.Headers.NonValidated.Contains("Cache-Control");
        return !isKnown || isUnread || control is { NoStore: true } or { NoCache: true } || response.Headers.Vary.Contains("*")
            || (control is null && response.Headers.Pragma.Any(pragma => string.Equals(pragma.Name, "no-cache", StringComparison.OrdinalIgnoreCase)));
    }

    private static TimeSpan? Lifetime(HttpResponseMessage response, DateTimeOffset now) =>
        (response.Headers.CacheControl?.MaxAge, response.Headers.CacheControl?.SharedMaxAge) switch
        {
            ({ } own, { } shared) => own < shared ? own : shared,
            ({ } own, null) => own,
            (null, { } shared) => shared,
            // One that can't be read, such as 0, is long past.
            _ => response.Content.Headers.Expires is { } expires ? expires - (response.Headers.Date ?? now) : null,
        };

    private static TimeSpan Age(HttpResponseMessage response, DateTimeOffset now)
    {
        var told = response.Headers.Age ?? TimeSpan.Zero;
        var apparent = response.Headers.Date is { } date && now > date ? now - date : TimeSpan.Zero;
        return told > apparent ? told : apparent;
    }
}
