namespace AgentFunctions.Core.Telemetry;

/// <summary>
/// The chain of steps that decided how long a run took (Kelley and Walker, "Critical-path planning and scheduling", 1959). Only what
/// shortens a part of it ends the run earlier. <see cref="Run"/>, <see cref="Wait"/>, <see cref="Pause"/> and <see cref="Between"/>
/// add up to <see cref="Total"/> exactly.
/// </summary>
public sealed record CriticalPath
{
    /// <summary>The steps' numbers, the first first. Each but the first was asked for because the one before it ended.</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    /// <summary>From the run's start to the end of the last step; never more than the run's elapsed time.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>Work: activities, sub-orchestrations and entity calls, from beginning to end.</summary>
    public required TimeSpan Run { get; init; }

    /// <summary>Queues: from a step's being asked for to its beginning. More workers or higher limits shorten it.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>Waiting on purpose: durable timers and external events.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>The engine and the orchestrator's own code: from the end of one step to the next one's being asked for.</summary>
    public required TimeSpan Between { get; init; }
}
