namespace AgentFunctions.Core.Policies;

/// <summary>
/// How long to wait before the next attempt: exponential, with full jitter, so that callers that failed together do not come back together
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Pure.
/// </summary>
public static class Backoff
{
    /// <summary>The longest wait after an attempt: <paramref name="baseDelay"/> doubled for each attempt after the first, never above <paramref name="cap"/>.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="baseDelay">The longest wait after the first attempt, zero or more.</param>
    /// <param name="cap">The longest wait of all, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The attempt is below 1, or a duration is negative.</exception>
    public static TimeSpan Ceiling(int attempt, TimeSpan baseDelay, TimeSpan cap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(baseDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(cap, TimeSpan.Zero);
        if (baseDelay == TimeSpan.Zero) return TimeSpan.Zero;

        // The cap is halved rather than the base doubled, because doubling overflows.
        var doublings = Math.Min(attempt - 1, 63);
        return baseDelay.Ticks > cap.Ticks >> doublings ? cap : TimeSpan.FromTicks(baseDelay.Ticks << doublings);
    }

    /// <summary>The wait after an attempt: <paramref name="fraction"/> of the <see cref="Ceiling"/>.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="baseDelay">The longest wait after the first attempt, zero or more.</param>
    /// <param name="cap">The longest wait of all, zero or more.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive, evenly spread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The attempt is below 1, a duration is negative, or the fraction is out of its range.</exception>
    public static TimeSpan FullJitter(int attempt, TimeSpan baseDelay, TimeSpan cap, double fraction)
    {
        if (fraction is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction must be at least 0 and below 1.");
        return TimeSpan.FromTicks((long)(fraction * Ceiling(attempt, baseDelay, cap).Ticks));
    }
}
