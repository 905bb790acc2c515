using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.CommandLine.Report;

/// <summary>One line of the timeline table: a step, or many steps of one name together.</summary>
internal sealed record TimelineRow
{
    /// <summary>The step's label or name; with <c>× 480</c> where it stands for many.</summary>
    public required string Title { get; init; }

    /// <summary>How it ended; for many, how many ended otherwise than well, and how many came from the cache.</summary>
    public required string Status { get; init; }

    /// <summary>Whether the run would have been shorter without it.</summary>
    public required bool Critical { get; init; }

    /// <summary>From the run's start to its being asked for; for many, the first one's.</summary>
    public required TimeSpan Offset { get; init; }

    /// <summary>In the queue; for many, the sum.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>At work; for many, the sum.</summary>
    public required TimeSpan Run { get; init; }

    /// <summary>From the run's start to its end; for many, the last one's.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>What it cost; null where nothing is known.</summary>
    public Cost? Cost { get; init; }
}
