using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Telemetry;

/// <summary>One step on a <see cref="Timeline"/>.</summary>
public sealed record TimelineBranch
{
    /// <summary>The step's number within the run.</summary>
    public required int Id { get; init; }

    /// <summary>The branch that the orchestrator named, or null.</summary>
    public string? Label { get; init; }

    /// <summary>What the step is.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>The activity's, orchestrator's, entity's or event's name.</summary>
    public required string Name { get; init; }

    /// <summary>How the step stands.</summary>
    public required StepStatus Status { get; init; }

    /// <summary>When the orchestrator asked for it.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }

    /// <summary>When it began to run; null where that is not known or has not happened.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, or null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>From the run's start to <see cref="ScheduledAt"/>.</summary>
    public required TimeSpan Offset { get; init; }

    /// <summary>From being asked for to beginning: the time in the queue. Null where the beginning is not known.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>From beginning (or, where that is not known, from being asked for) to its end; so far, while it runs.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it cost, or null where it did not say.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where its output came from, where that was the cache; null where the work was done.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>Whether it is one of <see cref="CriticalPath.Steps"/>.</summary>
    public required bool OnCriticalPath { get; init; }

    /// <summary>How it failed, or null.</summary>
    public FailureDetails? Failure { get; init; }

    /// <summary>The sub-orchestration's instance ID, under which its own timeline is, or null.</summary>
    public string? SubInstanceId { get; init; }
}
