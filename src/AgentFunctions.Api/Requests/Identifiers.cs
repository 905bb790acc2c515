using System.Buffers;
using AgentFunctions.Api.Problems;

namespace AgentFunctions.Api.Requests;

/// <summary>The rules of names that callers choose.</summary>
internal static class Identifiers
{
    public const int Longest = 100;
    private static readonly SearchValues<char> Reserved = SearchValues.Create("/\\#?");

    /// <summary>An instance ID as StartOptions documents it; besides, <c>.</c> and <c>..</c> are refused, since no URI could name such a run.</summary>
    public static string InstanceId(string value)
    {
        if (value.Length > Longest || value is "." or ".." || value[0] == '@' || value.AsSpan().ContainsAny(Reserved) || value.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            throw ProblemException.Parameter("instanceId", $"is '{Shown.Of(value)}'", "An instance ID has 1 to 100 characters, none of them a control character or one of / \\ # ?, does not start with @, and is not . or .. alone.");
        }

        return value;
    }

    /// <summary>An external event's name: 1 to 100 characters, none of them a control character.</summary>
    public static string EventName(string value)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > Longest || value.Any(char.IsControl))
        {
            throw new ProblemException(ProblemKind.InvalidRequest, $"The event name '{Shown.Of(value)}' ({value.Length} characters) can't be used. Name the event with 1 to 100 characters, none of them a control character.");
        }

        return value;
    }
}
