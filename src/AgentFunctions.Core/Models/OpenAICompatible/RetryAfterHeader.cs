using System.Globalization;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>How long a provider asks to be left alone: <c>retry-after-ms</c> (OpenAI, Azure OpenAI), else <c>Retry-After</c> in seconds or as a date (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfterHeader
{
    /// <summary>Reads the wait.</summary>
    /// <param name="header">A header's value by its name, or null.</param>
    /// <param name="now">What a date is compared with.</param>
    /// <returns>The wait, at least 0; null where no header can be read.</returns>
    public static TimeSpan? Read(Func<string, string?> header, DateTimeOffset now)
    {
        if (double.TryParse(header("retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && IsWait(milliseconds / 1000)) return TimeSpan.FromMilliseconds(milliseconds);
        var value = header("Retry-After");
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return IsWait(seconds) ? TimeSpan.FromSeconds(seconds) : null;
        if (!DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }

    // A year is no wait but a mistake; NaN fails both comparisons.
    private static bool IsWait(double seconds) => seconds is >= 0 and <= 31_536_000;
}
