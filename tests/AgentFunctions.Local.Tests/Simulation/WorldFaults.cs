namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>How often things go wrong in a <see cref="SimulatedWorld"/>: chances for each step.</summary>
internal sealed record WorldFaults
{
    public static WorldFaults None { get; } = new();

    /// <summary>The power fails: what was not synced may be torn or lost.</summary>
    public double Crash { get; init; }

    /// <summary>The process is killed: what was written stays, what waited in memory is lost.</summary>
    public double Kill { get; init; }

    /// <summary>An fsync fails, which ends the process.</summary>
    public double FailingSync { get; init; }

    /// <summary>A message is delivered twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>An activity throws.</summary>
    public double FailingActivity { get; init; }

    /// <summary>How often one call of an activity (same run, name and input) throws at most. Default: without limit.</summary>
    public int MostFailures { get; init; } = int.MaxValue;

    /// <summary>How many crashes, kills and failing syncs there are at most, so that a world comes to its end.</summary>
    public int MostRestarts { get; init; } = 12;

    /// <summary>Everything at once, each as often as the seed says.</summary>
    public static WorldFaults Draw(Random random) => new()
    {
        Crash = random.NextDouble() * 0.03,
        Kill = random.NextDouble() * 0.03,
        FailingSync = random.NextDouble() * 0.02,
        Duplicate = random.NextDouble() * 0.3,
        FailingActivity = random.NextDouble() * 0.15,
    };
}
