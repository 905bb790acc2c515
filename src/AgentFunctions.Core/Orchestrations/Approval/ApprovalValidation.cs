using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>Says what is wrong with a request for approval.</summary>
internal static class ApprovalValidation
{
    private const int MostNames = 20;
    private const int LongestName = 100;
    private static readonly TimeSpan longest = TimeSpan.FromDays(365);
    private static readonly string[] placeholders = ["kind", "number", "to", "title", "details", "choices", "instanceId", "eventName", "requestedAt", "expiresAt", "idempotencyKey"];

    /// <summary>A placeholder that a notification does not know.</summary>
    public static Exception UnknownPlaceholder(string path) => new PermanentFailureException($"A notification has no '{path}'. It has: {string.Join(", ", placeholders)}.");

    /// <summary>Checks a request.</summary>
    /// <param name="input">The request.</param>
    /// <param name="at">Where it is in the run's input, with a dot at the end; empty where it is the input.</param>
    /// <param name="errors">Where to say what is wrong.</param>
    public static void Check(ApprovalInput input, string at, InputErrors errors)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(input.Title) || input.Title.Length > 500, $"{at}title", $"The title has {input.Title.Length} characters. Say in 1 to 500 what is to be decided.");
        errors.AddIf(input.Details is { Length: > 20_000 }, $"{at}details", $"The details have {input.Details?.Length} characters. Send at most 20,000.");
        errors.AddIf(input.EventName is { } name && IsNoName(name), $"{at}eventName", $"The event name has {input.EventName?.Length} characters, or control characters. Give it 1 to {LongestName} characters, none of them a control character, or leave it out.");
        CheckNames(input.Choices, $"{at}choices", "choice", 1, errors);
        CheckNames(input.Approvers, $"{at}approvers", "approver", 0, errors);
        CheckTimes(input, at, errors);
        if (input.Notify is { } notify) CheckNotify(notify, $"{at}notify", errors);
    }

    private static void CheckTimes(ApprovalInput input, string at, InputErrors errors)
    {
        if (input.Reminders is { } reminders)
        {
            CheckTime(reminders.After, $"{at}reminders.after", errors);
            if (reminders.Every is { } every) CheckTime(every, $"{at}reminders.every", errors);
            errors.AddIf(reminders.Count is < 1 or > 100, $"{at}reminders.count", $"count is {reminders.Count}. It must be 1 to 100.");
            CheckBeforeExpiry(reminders.After, input.Expiry, $"{at}reminders.after", errors);
        }

        if (input.Escalation is { } escalation)
        {
            CheckTime(escalation.After, $"{at}escalation.after", errors);
            CheckNames(escalation.Approvers, $"{at}escalation.approvers", "approver", 1, errors);
            CheckBeforeExpiry(escalation.After, input.Expiry, $"{at}escalation.after", errors);
        }

        if (input.Expiry is { } expiry)
        {
            CheckTime(expiry.After, $"{at}expiry.after", errors);
            errors.AddIf(expiry.Decision is not null && !input.Choices.Contains(expiry.Decision, StringComparer.Ordinal), $"{at}expiry.decision", $"'{expiry.Decision}' is none of the choices. Name one of: {string.Join(", ", input.Choices)}.");
        }
    }

    private static void CheckTime(TimeSpan time, string path, InputErrors errors) =>
        errors.AddIf(time < TimeSpan.FromMilliseconds(1) || time > longest, path, $"The time is {time}. It must be 1 ms (00:00:00.001) to 365 days (365.00:00:00).");

    private static void CheckBeforeExpiry(TimeSpan time, ApprovalExpiry? expiry, string path, InputErrors errors) =>
        errors.AddIf(expiry is not null && time >= expiry.After, path, $"{time} is not before the expiry ({expiry?.After}), so it would never come. Make it earlier, or the expiry later.");

    private static void CheckNames(IReadOnlyList<string> names, string path, string what, int fewest, InputErrors errors)
    {
        errors.AddIf(names.Count < fewest || names.Count > MostNames, path, $"There are {names.Count}. Give {fewest} to {MostNames}.");
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Math.Min(names.Count, MostNames); i++)
        {
            if (names[i] is not { } name || IsNoName(name)) errors.AddIf(true, $"{path}[{i}]", $"The {what} has {names[i]?.Length ?? 0} characters, or control characters. Give it 1 to {LongestName} characters, none of them a control character.");
            else errors.AddIf(!known.Add(name), $"{path}[{i}]", $"The {what} '{name}' is there twice (case does not count). Name it once.");
        }
    }

    private static void CheckNotify(ApprovalNotification notify, string path, InputErrors errors)
    {
        errors.AddIf(string.IsNullOrWhiteSpace(notify.Tool), $"{path}.tool", "The tool's name is empty. Name a registered tool.");
        errors.AddIf(notify.MaxAttempts is < 1 or > 10, $"{path}.maxAttempts", $"maxAttempts is {notify.MaxAttempts}. It must be 1 to 10.");
        if (notify.Arguments is not { ValueKind: not JsonValueKind.Null } arguments) return;
        errors.AddIf(arguments.ValueKind != JsonValueKind.Object, $"{path}.arguments", $"The arguments are of kind {arguments.ValueKind}. Send a JSON object, or leave them out.");
        if (JsonTemplate.Fault(arguments) is { } fault) errors.AddIf(true, $"{path}.arguments", fault);
        foreach (var use in JsonTemplate.Uses(arguments))
        {
            errors.AddIf(!use.HasDefault && !placeholders.Contains(use.Root, StringComparer.Ordinal), $"{path}.arguments", UnknownPlaceholder(use.Path).Message);
        }
    }

    private static bool IsNoName(string name) => string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl);
}
