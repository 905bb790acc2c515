using AgentFunctions.Core.Policies.Scaling;

namespace AgentFunctions.Core.Scaling;

/// <summary>The settings of scaling. What they mean is said at <see cref="ScalingRules"/>.</summary>
public sealed class ScalingOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Scaling";

    private static readonly ScalingRules Defaults = new();

    /// <summary>The app's name: its workers are counted together, 1 to 100 characters, none of / \ # ?. Default: <c>app</c>.</summary>
    public string App { get; set; } = "app";

    /// <summary>When this worker tells of its load. Default: always, and on the embedded host while somebody asks.</summary>
    public ScalingReports Report { get; set; }

    /// <summary>How often it does, 1 to 20 s: a worker is forgotten after 45 s. Default: 10 s.</summary>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The fewest instances, 1 to 1,000. Default: 1.</summary>
    public int MinInstances { get; set; } = Defaults.MinInstances;

    /// <summary>The most instances, <see cref="MinInstances"/> to 1,000. Default: 30.</summary>
    public int MaxInstances { get; set; } = Defaults.MaxInstances;

    /// <summary>The share of slots that is to be taken, 0.1 to 0.95. Default: 0.7.</summary>
    public double TargetUtilisation { get; set; } = Defaults.TargetUtilisation;

    /// <summary>The share of slots that those that stay after removing instances may have taken, 0.05 up to <see cref="TargetUtilisation"/> less 0.05. Default: 0.5.</summary>
    public double ScaleInUtilisation { get; set; } = Defaults.ScaleInUtilisation;

    /// <summary>In how long all that waits is to be worked off, 1 s to 1 hour. Default: 30 s.</summary>
    public TimeSpan DrainWithin { get; set; } = Defaults.DrainWithin;

    /// <summary>How long nineteen of twenty activities may wait, 10 ms to 1 hour. Default: 5 s.</summary>
    public TimeSpan TargetWait { get; set; } = Defaults.TargetWait;

    /// <summary>From this share of failed activities on nothing changes, 0.01 to 1. Default: 0.3.</summary>
    public double HoldAtFailureShare { get; set; } = Defaults.HoldAtFailureShare;

    /// <summary>From this share of running activities that wait for a provider's quota on nothing is added, 0.01 to 1. Default: 0.5.</summary>
    public double HoldAtLimitedShare { get; set; } = Defaults.HoldAtLimitedShare;

    /// <summary>How many instances are added at once at most, 1 to 1,000. Default: 8.</summary>
    public int StepOut { get; set; } = Defaults.StepOut;

    /// <summary>How many are removed at once at most, 1 to 1,000. Default: 2.</summary>
    public int StepIn { get; set; } = Defaults.StepIn;

    /// <summary>How long after adding more may be added, 0 to 1 hour. Default: 15 s.</summary>
    public TimeSpan OutCooldown { get; set; } = Defaults.OutCooldown;

    /// <summary>For how long less must have been needed before some are removed, 0 to 1 day. Default: 5 minutes.</summary>
    public TimeSpan InAfter { get; set; } = Defaults.InAfter;

    /// <summary>How long after removing more may be removed, 0 to 1 day. Default: 1 minute.</summary>
    public TimeSpan InCooldown { get; set; } = Defaults.InCooldown;

    /// <summary>How far ahead the forecast looks, 0 to 2 hours; 0 is no forecast. Default: 30 minutes.</summary>
    public TimeSpan ForecastAhead { get; set; } = Defaults.ForecastAhead;

    /// <summary>How much of an hour's forecast the latest day counts, 0.01 to 1. Default: 0.4.</summary>
    public double ForecastWeight { get; set; } = Defaults.ForecastWeight;

    /// <summary>What the policy goes by.</summary>
    public ScalingRules ToRules() => new()
    {
        MinInstances = MinInstances,
        MaxInstances = MaxInstances,
        TargetUtilisation = TargetUtilisation,
        ScaleInUtilisation = ScaleInUtilisation,
        DrainWithin = DrainWithin,
        TargetWait = TargetWait,
        HoldAtFailureShare = HoldAtFailureShare,
        HoldAtLimitedShare = HoldAtLimitedShare,
        StepOut = StepOut,
        StepIn = StepIn,
        OutCooldown = OutCooldown,
        InAfter = InAfter,
        InCooldown = InCooldown,
        ForecastAhead = ForecastAhead,
        ForecastWeight = ForecastWeight,
    };
}

/// <summary>When a worker tells of its load.</summary>
public enum ScalingReports
{
    /// <summary>As long as it runs: one of several workers must, as it is not the one that is asked.</summary>
    Always,

    /// <summary>While somebody asks this very worker for the number, and as the only one there is: an idle computer has nothing to write every ten seconds.</summary>
    WhenAsked,
}
