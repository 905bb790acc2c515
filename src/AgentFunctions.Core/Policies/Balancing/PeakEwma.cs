namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>
/// Averages of times that weigh what is recent: the plain one, and the peak one of Twitter's Finagle (PeakEwma) and linkerd, which jumps up to whatever is longer and
/// sinks slowly, as to be too careful costs less than to be too slow. Pure.
/// </summary>
public static class PeakEwma
{
    /// <summary>The plain average with one more.</summary>
    /// <param name="before">The average so far; null where there is none.</param>
    /// <param name="value">What was measured.</param>
    /// <param name="since">The time since the last was measured.</param>
    /// <param name="decay">After how long a value weighs 1/e.</param>
    public static double Average(double? before, double value, TimeSpan since, TimeSpan decay)
    {
        if (before is not { } known) return value;
        var old = Math.Exp(-Math.Max(0, since / decay));
        return (known * old) + (value * (1 - old));
    }

    /// <summary>The peak average with one more.</summary>
    /// <param name="before">The average so far; null where there is none.</param>
    /// <param name="value">What was measured.</param>
    /// <param name="since">The time since the last was measured.</param>
    /// <param name="decay">After how long a value weighs 1/e.</param>
    public static double Peak(double? before, double value, TimeSpan since, TimeSpan decay) => before is { } known && known > value ? Average(known, value, since, decay) : value;

    /// <summary>What a peak has sunk to where nothing has been measured since: towards what is usual elsewhere, so that it is tried again.</summary>
    /// <param name="peak">The peak.</param>
    /// <param name="usual">What is usual elsewhere.</param>
    /// <param name="since">The time since the last was measured.</param>
    /// <param name="decay">After how long 1/e of the difference is left.</param>
    public static double Faded(double peak, double usual, TimeSpan since, TimeSpan decay) => peak > usual ? Average(peak, usual, since, decay) : peak;
}
