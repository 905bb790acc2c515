using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Load;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>The lanes in the order in which they are kept: interactive, workflow, background.</summary>
public static class LaneOrder
{
    /// <summary>Every lane, the one that is shed last first.</summary>
    public static IReadOnlyList<RunPriority> All { get; } = [RunPriority.Interactive, RunPriority.Workflow, RunPriority.Background];

    /// <summary>What goes before one that comes to a lane now: its own lane and those above it.</summary>
    /// <param name="counts">How many there are of each lane.</param>
    /// <param name="lane">The lane.</param>
    public static int UpTo(this LaneCounts counts, RunPriority lane)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return lane switch
        {
            RunPriority.Interactive => counts.Interactive,
            RunPriority.Background => counts.Interactive + counts.Workflow + counts.Background,
            _ => counts.Interactive + counts.Workflow,
        };
    }

    /// <summary>The counts with one more, or one less, of a lane.</summary>
    /// <param name="counts">How many there are of each lane.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="more">How many more; below zero for less.</param>
    public static LaneCounts With(this LaneCounts counts, RunPriority lane, int more)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return lane switch
        {
            RunPriority.Interactive => counts with { Interactive = counts.Interactive + more },
            RunPriority.Background => counts with { Background = counts.Background + more },
            _ => counts with { Workflow = counts.Workflow + more },
        };
    }
}
