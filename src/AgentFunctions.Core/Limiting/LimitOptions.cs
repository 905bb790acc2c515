using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>How long a model call may wait for its start under its deployment's limits, and how many are in flight. A call that would wait longer is refused at once where that can be foreseen.</summary>
public sealed class LimitOptions
{
    /// <summary>The section of the configuration that they are read from.</summary>
    public const string Section = "Limits";

    /// <summary>The longest wait that may be set: 10 minutes.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>The most calls in flight that may be set: 10,000.</summary>
    public const int MostInFlight = 10_000;

    /// <summary>For calls of runs that a person waits for, 0 to 10 minutes. Default: 5 s.</summary>
    public TimeSpan InteractiveWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For calls of other runs, 0 to 10 minutes. Default: 30 s.</summary>
    public TimeSpan WorkflowWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For calls of runs that nobody waits for, 0 to 10 minutes. Default: 2 minutes.</summary>
    public TimeSpan BackgroundWait { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many calls of a deployment this worker has in flight at most, streams and waits for the deployment's limits included; 1 to 10,000. Default: no limit.</summary>
    public int? MaxInFlight { get; set; }

    /// <summary>Among how many entities the limits of each deployment are divided, 1 to 32, for workers that are too many for one; fewer where the limits are too small for so many. Default: 1.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>The wait of a lane.</summary>
    /// <param name="lane">The lane.</param>
    public TimeSpan WaitOf(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => InteractiveWait,
        RunPriority.Background => BackgroundWait,
        _ => WorkflowWait,
    };
}
