namespace AgentFunctions.Core.Load;

/// <summary>How loaded a worker is at a moment. What a host can't see is zero.</summary>
public sealed record LoadSample
{
    /// <summary>How many activities may run at once; 0 where it is not known.</summary>
    public int Slots { get; init; }

    /// <summary>How many activities run now.</summary>
    public int Running { get; init; }

    /// <summary>How many activities wait for a place, by the lane of their run.</summary>
    public LaneCounts Waiting { get; init; } = new(0, 0, 0);

    /// <summary>How many activities ended a second, lately: an exponentially weighted average over about ten seconds.</summary>
    public double EndedPerSecond { get; init; }

    /// <summary>The share of activities that failed for a reason that may pass (not for wrong input), 0 to 1, of those that ended in about the last minute.</summary>
    public double FailureShare { get; init; }

    /// <summary>How long an activity took on average, of about the last 512.</summary>
    public TimeSpan RunTimeMean { get; init; }

    /// <summary>How long nineteen of twenty activities took at most, of about the last 512.</summary>
    public TimeSpan RunTimeP95 { get; init; }

    /// <summary>How long nineteen of twenty activities waited for their place at most, of about the last 512 that ended in the last minute.</summary>
    public TimeSpan WaitTimeP95 { get; init; }
}

/// <summary>A count for each lane.</summary>
/// <param name="Interactive">Of runs that a person waits for.</param>
/// <param name="Workflow">Of other runs.</param>
/// <param name="Background">Of runs that nobody waits for.</param>
public sealed record LaneCounts(int Interactive, int Workflow, int Background)
{
    /// <summary>All lanes together.</summary>
    public int Total => Interactive + Workflow + Background;
}
