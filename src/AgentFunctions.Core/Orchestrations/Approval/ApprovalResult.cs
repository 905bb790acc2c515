using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>What was decided, by whom, when and how, and all that was done to get there.</summary>
public sealed record ApprovalResult : ICosted
{
    /// <summary>The decision: one of the choices.</summary>
    public required string Decision { get; init; }

    /// <summary>How it came about.</summary>
    public required ApprovalOrigin By { get; init; }

    /// <summary>Who decided, as the event's sender said; none at expiry.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>What the person added.</summary>
    public string? Comment { get; init; }

    /// <summary>Data that the person added.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>When the request was made.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was escalated; none where it was not.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>The request, each reminder and the escalation, in the order of time.</summary>
    public required IReadOnlyList<ApprovalNotice> Notices { get; init; }

    /// <summary>How many events were refused.</summary>
    public required int RefusedCount { get; init; }

    /// <summary>The first hundred refused events, in the order of time.</summary>
    public required IReadOnlyList<ApprovalRefusal> Refused { get; init; }

    /// <summary>What the notifications cost, where the tool said so.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>How a decision came about.</summary>
public enum ApprovalOrigin
{
    /// <summary>Somebody who could decide from the start.</summary>
    Person,

    /// <summary>Somebody of those it was escalated to.</summary>
    Escalation,

    /// <summary>Nobody: the time was up.</summary>
    Expiry,
}

/// <summary>Something that people were told, or would have been if there were a tool for it.</summary>
public sealed record ApprovalNotice
{
    /// <summary>What it was.</summary>
    public required ApprovalNoticeKind Kind { get; init; }

    /// <summary>When it was due.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who could decide then; empty for anybody.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>What became of it.</summary>
    public required ApprovalNoticeStatus Status { get; init; }

    /// <summary>How it failed.</summary>
    public FailureDetails? Error { get; init; }
}

/// <summary>Why people are told something.</summary>
public enum ApprovalNoticeKind
{
    /// <summary>There is something to decide.</summary>
    Request,

    /// <summary>It is still undecided.</summary>
    Reminder,

    /// <summary>It is now up to others.</summary>
    Escalation,
}

/// <summary>What became of a notification.</summary>
public enum ApprovalNoticeStatus
{
    /// <summary>No tool was given: it is only recorded.</summary>
    Recorded,

    /// <summary>The tool was called with success.</summary>
    Sent,

    /// <summary>Every attempt failed.</summary>
    Failed,

    /// <summary>The decision came while the tool was being called: people may have been told or not.</summary>
    Cancelled,
}

/// <summary>An event that was no decision.</summary>
/// <param name="At">When it was handled.</param>
/// <param name="DecidedBy">Who sent it, as far as it said; shortened to 100 characters.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record ApprovalRefusal(DateTimeOffset At, string? DecidedBy, string Reason);
