namespace AgentFunctions.Core.Policies.Scaling;

/// <summary>What <see cref="ScalingPolicy"/> remembers.</summary>
public sealed record ScalingState
{
    /// <summary>How many instances were wanted last; 0 before the first decision.</summary>
    public int Wanted { get; init; }

    /// <summary>When instances were last added.</summary>
    public DateTimeOffset? OutAt { get; init; }

    /// <summary>When instances were last removed.</summary>
    public DateTimeOffset? InAt { get; init; }

    /// <summary>Since when fewer have been needed than are wanted; null where they are not.</summary>
    public DateTimeOffset? LowSince { get; init; }

    /// <summary>The most that was needed since.</summary>
    public int LowPeak { get; init; }

    /// <summary>What past days needed.</summary>
    public DemandHistory History { get; init; } = new();
}

/// <summary>What <see cref="ScalingPolicy"/> decided.</summary>
public sealed record ScalingDecision
{
    /// <summary>How many instances are wanted.</summary>
    public int Wanted { get; init; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How many instances the load of now needs.</summary>
    public int Needed { get; init; }

    /// <summary>How many the forecast says; null where past days say nothing.</summary>
    public int? Forecast { get; init; }
}
