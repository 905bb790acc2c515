using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Api.Requests;

/// <summary>The rules of names that callers choose.</summary>
internal static class Identifiers
{
    public const int Longest = 100;
    public const string InstanceIdRule = "An instance ID has 1 to 100 characters, none of them a control character or one of / \\ # ?, does not start with @, and is not . or .. alone.";

    /// <summary>An instance ID as StartOptions documents it; besides, <c>.</c> and <c>..</c> are refused, since no URI could name such a run.</summary>
    public static string InstanceId(string value) =>
        IsInstanceId(value) ? value : throw ProblemException.Parameter("instanceId", $"is '{Shown.Of(value)}'", InstanceIdRule);

    public static bool IsInstanceId(string value) =>
        InstanceIds.IsAllowed(value) && value is not ("." or "..") && !value.Contains('\uFFFD', StringComparison.Ordinal);

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
