using System.Globalization;

namespace AgentFunctions.Api.Requests;

/// <summary>Durations as people write them in a query: <c>500ms</c>, <c>30s</c>, <c>2m</c> or <c>hh:mm:ss[.fff]</c>. A bare number is refused: seconds and milliseconds are too easily mistaken.</summary>
internal static class WaitTime
{
    private const int MostDigits = 9;

    public static bool TryParse(string text, out TimeSpan value)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(text, ["c", @"hh\:mm\:ss\.fff"], CultureInfo.InvariantCulture, out value) && value >= TimeSpan.Zero;
        }

        var (digits, unit) =
            text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], TimeSpan.FromMilliseconds(1))
            : text.EndsWith('s') ? (text[..^1], TimeSpan.FromSeconds(1))
            : text.EndsWith('m') ? (text[..^1], TimeSpan.FromMinutes(1))
            : ("", TimeSpan.Zero);
        var parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && digits.Length <= MostDigits;
        value = parsed ? unit * count : TimeSpan.Zero;
        return parsed;
    }
}
