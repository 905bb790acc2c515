namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>What an approval waits for: its custom status, and what notifiers and portals show. Bounded: long texts are cut.</summary>
public sealed record ApprovalStatus
{
    /// <summary><c>waiting</c> or <c>decided</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>What is to be decided; the first 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The event to raise.</summary>
    public required string EventName { get; init; }

    /// <summary>The decisions there are; the first 10, 60 characters of each.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>Who may decide now, the first 10, 60 characters of each; empty for anybody.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was escalated.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many reminders were due so far.</summary>
    public required int Reminders { get; init; }

    /// <summary>How many events were refused.</summary>
    public required int RefusedCount { get; init; }

    /// <summary>The last three refused events.</summary>
    public required IReadOnlyList<ApprovalRefusal> Refused { get; init; }

    /// <summary>The decision, once there is one.</summary>
    public string? Decision { get; init; }

    /// <summary>Who decided.</summary>
    public string? DecidedBy { get; init; }
}
