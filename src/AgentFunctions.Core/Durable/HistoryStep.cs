using AgentFunctions.Core.Caching;

namespace AgentFunctions.Core.Durable;

/// <summary>One thing an orchestrator asked for, from its being scheduled to its end. Both engines can give it, so timelines are computed from it.</summary>
public sealed record HistoryStep
{
    /// <summary>The step's number within the run.</summary>
    public required int Id { get; init; }

    /// <summary>What it is.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>The activity's, orchestrator's, entity's or event's name.</summary>
    public required string Name { get; init; }

    /// <summary>The branch it belongs to, where the orchestrator named one.</summary>
    public string? Label { get; init; }

    /// <summary>How it stands.</summary>
    public required StepStatus Status { get; init; }

    /// <summary>When the orchestrator asked for it.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }

    /// <summary>When it began to run; null where that is not known or has not happened.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The step whose end made the orchestrator ask for this one; null for the run's start. The critical path follows it.</summary>
    public int? CausedBy { get; init; }

    /// <summary>What it cost, where its output says so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where its output came from, where it says that it came from the cache.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>How it failed.</summary>
    public FailureDetails? Failure { get; init; }

    /// <summary>The sub-orchestration's instance ID.</summary>
    public string? SubInstanceId { get; init; }
}

/// <summary>What a step is.</summary>
public enum StepKind
{
    /// <summary>An activity.</summary>
    Activity,

    /// <summary>A sub-orchestration.</summary>
    SubOrchestration,

    /// <summary>A durable timer.</summary>
    Timer,

    /// <summary>A call of an entity.</summary>
    EntityCall,

    /// <summary>An external event that came.</summary>
    ExternalEvent,
}

/// <summary>How a step stands.</summary>
public enum StepStatus
{
    /// <summary>Asked for, not yet ended.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Given up by the orchestrator before it ended.</summary>
    Cancelled,
}
