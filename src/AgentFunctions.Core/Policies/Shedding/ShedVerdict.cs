using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>Why a start is refused.</summary>
public enum ShedReason
{
    /// <summary>It is not: it is let in.</summary>
    None,

    /// <summary>Too many starts are under way.</summary>
    Starting,

    /// <summary>Too many activities are ahead.</summary>
    Queue,

    /// <summary>Its first activity would wait too long for a place.</summary>
    Wait,

    /// <summary>Its model calls would wait too long for their turn.</summary>
    ModelWait,

    /// <summary>Its result would come after it is of use.</summary>
    Deadline,
}

/// <summary>What becomes of a start, and what it was decided by.</summary>
public sealed record ShedVerdict
{
    /// <summary>Why it is refused; <see cref="ShedReason.None"/> where it is let in.</summary>
    public ShedReason Reason { get; init; }

    /// <summary>Whether it is let in.</summary>
    public bool IsAdmitted => Reason == ShedReason.None;

    /// <summary>Its lane.</summary>
    public required RunPriority Lane { get; init; }

    /// <summary>How many activities are ahead of its first one.</summary>
    public int Ahead { get; init; }

    /// <summary>How long its first activity is thought to wait for a place.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>How long a model call of it is thought to wait for its turn.</summary>
    public TimeSpan ModelWait { get; init; }

    /// <summary>How long it is thought to run; zero where that is not known.</summary>
    public TimeSpan RunTime { get; init; }

    /// <summary>How long it is thought to take until its result is there.</summary>
    public TimeSpan Expected => Wait + ModelWait + RunTime;

    /// <summary>Whether that is longer than its deadline leaves, whatever else it is refused for.</summary>
    public bool IsTooLate { get; init; }

    /// <summary>When to come again; zero where it is let in.</summary>
    public TimeSpan RetryAfter { get; init; }
}
