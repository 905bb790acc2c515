using System.Globalization;

namespace AgentFunctions.CrashHost;

/// <summary>A file with a line for each effect, so that a test can see after a crash what was done, and how often.</summary>
/// <param name="path">The file; null keeps none.</param>
/// <param name="modelDelay">How long a model takes to answer after its line is written, so that a kill finds it at work.</param>
internal sealed class EffectLedger(string? path, TimeSpan modelDelay)
{
    /// <summary>The environment variable with the file's path.</summary>
    public const string PathVariable = "CRASHHOST_LEDGER";

    /// <summary>The environment variable with the models' delay in milliseconds.</summary>
    public const string ModelDelayVariable = "CRASHHOST_MODEL_MS";

    private readonly Lock gate = new();

    public TimeSpan ModelDelay => modelDelay;

    /// <summary>False makes every effect immediate: for the run without faults that the others are compared with.</summary>
    public bool IsKept => path is not null;

    public static EffectLedger FromEnvironment() => new(
        Environment.GetEnvironmentVariable(PathVariable),
        TimeSpan.FromMilliseconds(int.Parse(Environment.GetEnvironmentVariable(ModelDelayVariable) ?? "0", CultureInfo.InvariantCulture)));

    /// <summary>Adds a line. It is with the system when this returns, so it outlives the process.</summary>
    /// <param name="effect">The line.</param>
    public void Add(string effect)
    {
        if (path is null)
        {
            return;
        }

        lock (gate)
        {
            File.AppendAllText(path, effect + "\n");
        }
    }
}
