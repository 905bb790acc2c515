namespace AgentFunctions.Core.Policies.Scaling;

/// <summary>What <see cref="ScalingPolicy"/> goes by. The ranges are checked where settings are read.</summary>
public sealed record ScalingRules
{
    /// <summary>The fewest instances, 1 to 1,000. Default: 1.</summary>
    public int MinInstances { get; init; } = 1;

    /// <summary>The most instances, <see cref="MinInstances"/> to 1,000. Default: 30.</summary>
    public int MaxInstances { get; init; } = 30;

    /// <summary>The share of slots that is to be taken, 0.1 to 0.95: above it instances are added. Default: 0.7.</summary>
    public double TargetUtilisation { get; init; } = 0.7;

    /// <summary>The share of slots that would be taken by what is left after removing instances, 0.05 up to <see cref="TargetUtilisation"/> less 0.05: what lies between keeps the number still. Default: 0.5.</summary>
    public double ScaleInUtilisation { get; init; } = 0.5;

    /// <summary>In how long all that waits is to be worked off, 1 s to 1 hour. Default: 30 s.</summary>
    public TimeSpan DrainWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nineteen of twenty activities may wait for their place, 10 ms to 1 hour. Default: 5 s.</summary>
    public TimeSpan TargetWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From this share of failed activities on nothing changes, above 0 up to 1. Default: 0.3.</summary>
    public double HoldAtFailureShare { get; init; } = 0.3;

    /// <summary>From this share of running activities that wait for a provider's quota on no instance is added, above 0 up to 1. Default: 0.5.</summary>
    public double HoldAtLimitedShare { get; init; } = 0.5;

    /// <summary>How many instances are added at once at most, 1 to 1,000. Default: 8.</summary>
    public int StepOut { get; init; } = 8;

    /// <summary>How many instances are removed at once at most, 1 to 1,000. Default: 2.</summary>
    public int StepIn { get; init; } = 2;

    /// <summary>How long after adding instances more may be added, 0 to 1 hour. Default: 15 s.</summary>
    public TimeSpan OutCooldown { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long less must have been needed before instances are removed, 0 to 1 day. Default: 5 minutes.</summary>
    public TimeSpan InAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after removing instances more may be removed, 0 to 1 day. Default: 1 minute.</summary>
    public TimeSpan InCooldown { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far ahead the forecast looks, 0 to 2 hours; 0 is no forecast. Default: 30 minutes, as the forecast is of whole hours: what comes at nine is half seen at nine, and all of it half an hour later.</summary>
    public TimeSpan ForecastAhead { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How much of the forecast of an hour the latest day counts, above 0 up to 1. Default: 0.4.</summary>
    public double ForecastWeight { get; init; } = 0.4;
}
