using System.Globalization;
using AgentFunctions.Api.Requests;

namespace AgentFunctions.Api.Runs;

/// <summary>How long the result of a start is of use: for requests and messages alike.</summary>
internal static class StartDeadline
{
    /// <summary>The query parameter and message property.</summary>
    public const string Name = "deadline";

    /// <summary>The longest: a day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>What it may be, in words.</summary>
    private static readonly string Rule = $"Write how long from now the result is of use, such as 500ms, 30s, 2m or 00:00:30: above 0, and at most {Longest.TotalHours.ToString(CultureInfo.InvariantCulture)} hours. Leave it out where there is no such time.";

    /// <summary>The deadline that a text says; null for none.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="refuse">Makes what is thrown: of the name, "is 'x'" and what to do.</param>
    public static TimeSpan? Of(string? text, Func<string, string, string, Exception> refuse)
    {
        if (text is null) return null;
        return WaitTime.TryParse(text, out var value) && value > TimeSpan.Zero && value <= Longest ? value : throw refuse(Name, $"is '{Shown.Of(text)}'", Rule);
    }
}
