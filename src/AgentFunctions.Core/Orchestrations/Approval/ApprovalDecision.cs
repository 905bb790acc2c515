using System.Text.Json;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>A decision that an event brought.</summary>
internal sealed record ApprovalDecision(string Decision, string DecidedBy, string? Comment, JsonElement? Data)
{
    public const int LongestName = 200;
    public const int LongestComment = 4_000;
    public const int LongestData = 16 * 1024;

    /// <summary>Reads an event's payload. Nothing of it is trusted.</summary>
    /// <param name="payload">What came.</param>
    /// <param name="choices">The decisions there are.</param>
    /// <param name="approvers">Who may decide; empty for anybody.</param>
    /// <param name="decidedBy">Who sent it, as far as it says so.</param>
    /// <param name="fault">Why it is no decision.</param>
    public static ApprovalDecision? Read(JsonElement payload, IReadOnlyList<string> choices, IReadOnlyList<string> approvers, out string? decidedBy, out string? fault)
    {
        decidedBy = null;
        if (payload.ValueKind != JsonValueKind.Object)
        {
            fault = $"The payload is a JSON {payload.ValueKind}. Send an object with 'decision' and 'decidedBy'.";
            return null;
        }

        decidedBy = Text(payload, "decidedBy");
        var (decision, comment) = (Text(payload, "decision"), Text(payload, "comment"));
        var choice = choices.FirstOrDefault(it => string.Equals(it, decision, StringComparison.OrdinalIgnoreCase));
        JsonElement? data = payload.TryGetProperty("data", out var given) ? given : null;
        fault = FirstFault(payload, decidedBy, decision, choice, comment, data, choices, approvers);
        return fault is null ? new(choice!, decidedBy!.Trim(), comment, data) : null;
    }

    private static string? FirstFault(JsonElement payload, string? decidedBy, string? decision, string? choice, string? comment, JsonElement? data, IReadOnlyList<string> choices, IReadOnlyList<string> approvers)
    {
        var stranger = payload.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => name is not ("decision" or "decidedBy" or "comment" or "data"));
        return stranger is not null ? $"'{Bounded.Text(stranger, 50)}' is no part of a decision. Send 'decision', 'decidedBy', 'comment' and 'data'."
            : string.IsNullOrWhiteSpace(decidedBy) || decidedBy.Length > LongestName ? $"'decidedBy' must be a text of 1 to {LongestName} characters. Say who decides."
            : choice is null ? $"The decision is {(decision is null ? "missing or no text" : $"'{Bounded.Text(decision, 60)}'")}. It must be one of: {Bounded.Text(string.Join(", ", choices), 200)}."
            : comment is null && payload.TryGetProperty("comment", out var it) && it.ValueKind != JsonValueKind.Null ? "The comment is no text. Send a string, or leave it out."
            : comment is { Length: > LongestComment } ? $"The comment has {comment.Length} characters. Send at most {LongestComment}."
            : data is { } json && json.GetRawText().Length > LongestData ? $"The data has {json.GetRawText().Length} characters of JSON. Send at most {LongestData}."
            : approvers.Count > 0 && !approvers.Contains(decidedBy.Trim(), StringComparer.OrdinalIgnoreCase) ? $"'{Bounded.Text(decidedBy, 60)}' may not decide this now. Those who may: {Bounded.Text(string.Join(", ", approvers), 200)}."
            : null;
    }

    private static string? Text(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
