using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>Where a lane is full. A lane's bounds must not be above those of a lane that is kept longer.</summary>
/// <param name="Queue">How many activities may be ahead, in multiples of the worker's places.</param>
/// <param name="Wait">How long a run's first activity may be thought to wait for a place.</param>
/// <param name="ModelWait">How long a model call may be thought to wait under its deployment's limits.</param>
public sealed record LaneBounds(double Queue, TimeSpan Wait, TimeSpan ModelWait);

/// <summary>By what starts are refused.</summary>
public sealed record SheddingRules
{
    /// <summary>The least time to come back in: 1 s.</summary>
    public static readonly TimeSpan LeastRetry = TimeSpan.FromSeconds(1);

    /// <summary>The bounds of runs that a person waits for.</summary>
    public required LaneBounds Interactive { get; init; }

    /// <summary>The bounds of other runs.</summary>
    public required LaneBounds Workflow { get; init; }

    /// <summary>The bounds of runs that nobody waits for.</summary>
    public required LaneBounds Background { get; init; }

    /// <summary>A lane that is shed is taken again below this part of its bounds, above 0 to 1: so that it does not change with each start.</summary>
    public required double ResumeAt { get; init; }

    /// <summary>How many starts may be under way at once. Of them workflow may have three quarters and background half.</summary>
    public required int MostStarting { get; init; }

    /// <summary>The least time over which those who are refused are spread; where the wait is longer, that long. At most half of <see cref="LongestRetry"/>.</summary>
    public required TimeSpan RetrySpread { get; init; }

    /// <summary>The longest time to come back in, 2 s or more.</summary>
    public required TimeSpan LongestRetry { get; init; }

    /// <summary>The bounds of a lane.</summary>
    /// <param name="lane">The lane.</param>
    public LaneBounds Of(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => Interactive,
        RunPriority.Background => Background,
        _ => Workflow,
    };

    /// <summary>How many starts may be under way for one more of this lane to be let in.</summary>
    /// <param name="lane">The lane.</param>
    public double MostStartingOf(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => MostStarting,
        RunPriority.Background => MostStarting * 0.5,
        _ => MostStarting * 0.75,
    };
}
