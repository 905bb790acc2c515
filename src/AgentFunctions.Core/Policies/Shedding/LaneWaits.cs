using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>A wait for each lane.</summary>
/// <param name="Interactive">Of runs that a person waits for.</param>
/// <param name="Workflow">Of other runs.</param>
/// <param name="Background">Of runs that nobody waits for.</param>
public sealed record LaneWaits(TimeSpan Interactive, TimeSpan Workflow, TimeSpan Background)
{
    /// <summary>No wait in any lane.</summary>
    public static LaneWaits None { get; } = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>The wait of a lane; never less than that of a lane above it.</summary>
    /// <param name="lane">The lane.</param>
    public TimeSpan Of(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => Interactive,
        RunPriority.Background => Longer(Background, Longer(Workflow, Interactive)),
        _ => Longer(Workflow, Interactive),
    };

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
