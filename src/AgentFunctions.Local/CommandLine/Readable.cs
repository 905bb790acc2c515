using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.CommandLine;

/// <summary>Values as people read them.</summary>
internal static class Readable
{
    /// <summary>A duration in one unit, or two from a minute on: <c>85 ms</c>, <c>3.4 s</c>, <c>2 min 05 s</c>, <c>1 h 02 min</c>.</summary>
    /// <param name="duration">The duration.</param>
    public static string Duration(TimeSpan duration)
    {
        // Rounded before it is split, so that no part ever reads 60.
        var seconds = (long)Math.Round(duration.TotalSeconds);
        return duration.TotalSeconds switch
        {
            < 0.9995 => $"{duration.TotalMilliseconds:0} ms",
            < 59.95 => $"{duration.TotalSeconds:0.0} s",
            _ when seconds < 3600 => $"{seconds / 60} min {seconds % 60:00} s",
            _ => $"{seconds / 3600} h {seconds / 60 % 60:00} min",
        };
    }

    /// <summary>Dollars and tokens; <c>~</c> where they were estimated.</summary>
    /// <param name="cost">The cost.</param>
    public static string Cost(Cost cost) => $"{Dollars(cost)}, {Tokens(cost)}";

    /// <summary>Dollars, to a hundredth of a cent: <c>$0.0012</c>.</summary>
    /// <param name="cost">The cost.</param>
    public static string Dollars(Cost cost) => $"{Mark(cost)}${cost.Usd:0.00##}";

    /// <summary>Tokens in and out, together: <c>12,345 tokens</c>.</summary>
    /// <param name="cost">The cost.</param>
    public static string Tokens(Cost cost) => $"{Mark(cost)}{cost.InputTokens + cost.OutputTokens:N0} tokens";

    private static string Mark(Cost cost) => cost.Estimated ? "~" : "";
}
