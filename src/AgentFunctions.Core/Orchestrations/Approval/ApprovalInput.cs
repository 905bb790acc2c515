using System.Text.Json;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>What a person is to decide, who may, and what happens while nobody does.</summary>
public sealed record ApprovalInput
{
    /// <summary>What is to be decided, in a line: 1 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>What the person needs to know, up to 20,000 characters. Default: nothing.</summary>
    public string? Details { get; init; }

    /// <summary>The decisions there are: 1 to 20, of 1 to 100 characters each. Default: <c>approve</c> and <c>reject</c>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = ["approve", "reject"];

    /// <summary>The external event that brings a decision, 1 to 100 characters, compared without regard to case. Default: <c>decision</c>; for a node of a task graph, the node's key.</summary>
    public string? EventName { get; init; }

    /// <summary>Who may decide: up to 20 names of 1 to 100 characters, compared without regard to case. Default: anybody.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>When to remind. Default: never.</summary>
    public ApprovalReminders? Reminders { get; init; }

    /// <summary>When to ask others. Default: never.</summary>
    public ApprovalEscalation? Escalation { get; init; }

    /// <summary>When to stop waiting. Default: never.</summary>
    public ApprovalExpiry? Expiry { get; init; }

    /// <summary>How to tell people. Default: nobody is told; clients read the custom status.</summary>
    public ApprovalNotification? Notify { get; init; }
}

/// <summary>When to remind those who may decide.</summary>
public sealed record ApprovalReminders
{
    /// <summary>When the first reminder goes out, counted from the request: 1 ms to 365 days.</summary>
    public required TimeSpan After { get; init; }

    /// <summary>How long after that each further one does: 1 ms to 365 days. Default: as long as the first took.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How many in all, 1 to 100. Reminders whose time passed while the run was suspended are not made up for. Default: 1.</summary>
    public int Count { get; init; } = 1;
}

/// <summary>When to ask others.</summary>
public sealed record ApprovalEscalation
{
    /// <summary>When, counted from the request: 1 ms to 365 days.</summary>
    public required TimeSpan After { get; init; }

    /// <summary>Who may decide from then on: 1 to 20 names of 1 to 100 characters.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>True when those who could decide before no longer can. Default: false, they still can.</summary>
    public bool Replaces { get; init; }
}

/// <summary>When to stop waiting.</summary>
public sealed record ApprovalExpiry
{
    /// <summary>When, counted from the request: 1 ms to 365 days.</summary>
    public required TimeSpan After { get; init; }

    /// <summary>The decision that is then taken: one of the choices. Default: none, the approval fails.</summary>
    public string? Decision { get; init; }
}

/// <summary>A tool that tells people of the request, of reminders and of the escalation.</summary>
public sealed record ApprovalNotification
{
    /// <summary>The tool's registered name.</summary>
    public required string Tool { get; init; }

    /// <summary>
    /// Its arguments: a JSON object with placeholders (<c>{"$value":"title"}</c>, or <c>{{title}}</c> within a string) for <c>kind</c>
    /// (Request, Reminder, Escalation), <c>number</c> (the how-manieth of its kind, from 1), <c>to</c> (a list), <c>title</c>,
    /// <c>details</c>, <c>choices</c>, <c>instanceId</c>, <c>eventName</c>, <c>requestedAt</c>, <c>expiresAt</c> and
    /// <c>idempotencyKey</c>, which is the same for every attempt at one notification. Default: none.
    /// </summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>How often one notification is tried, 1 to 10: it goes out at least once, or its failure is in the result. Default: 3.</summary>
    public int MaxAttempts { get; init; } = 3;
}
