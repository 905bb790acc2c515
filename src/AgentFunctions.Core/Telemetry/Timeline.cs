using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Telemetry;

/// <summary>When each step of a run was asked for, began and ended, what it cost, and which steps decided how long the run took.</summary>
public sealed record Timeline
{
    /// <summary>The run's instance ID.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The orchestrator's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the run is in its life.</summary>
    public required RuntimeStatus Status { get; init; }

    /// <summary>When the run was accepted.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When the run ended, or null while it has not.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>From <see cref="Start"/> to <see cref="End"/>, or to the time the timeline was computed for.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The sum of what the steps cost, as far as they said so.</summary>
    public required Cost Cost { get; init; }

    /// <summary>
    /// What the steps would have taken one after the other: the run times of the activities, sub-orchestrations and entity calls that
    /// completed or failed. Timers, external events and cancelled steps are not counted: nobody would have waited for them.
    /// </summary>
    public required TimeSpan Sequential { get; init; }

    /// <summary><see cref="Sequential"/> divided by <see cref="Elapsed"/>; null where no time has passed.</summary>
    public double? Speedup { get; init; }

    /// <summary>The steps that decided how long the run took.</summary>
    public required CriticalPath CriticalPath { get; init; }

    /// <summary>Every step, in the order of history.</summary>
    public required IReadOnlyList<TimelineBranch> Branches { get; init; }
}
