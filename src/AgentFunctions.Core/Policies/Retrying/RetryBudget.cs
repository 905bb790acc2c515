namespace AgentFunctions.Core.Policies.Retrying;

/// <summary>How many retries there may be.</summary>
/// <param name="Ratio">How many retries a call pays for, 0 to 10.</param>
/// <param name="PerSecond">How many a second are free, 0 to 1,000, so that one who seldom calls may retry at all.</param>
/// <param name="Reserve">How many may be saved up, and are there at first, 0 to 100,000.</param>
public sealed record RetryBudgetSettings(double Ratio, double PerSecond, double Reserve);

/// <summary>The retries that are left.</summary>
/// <param name="Left">How many.</param>
/// <param name="At">When that was so.</param>
public sealed record RetryBudgetState(double Left, DateTimeOffset At);

/// <summary>
/// Bounds retries by calls, so that they do not multiply the load on what is already overloaded ("Site Reliability Engineering", chapter 21, "Handling Overload";
/// Twitter Finagle, RetryBudget): within any time there are never more than Ratio × calls + PerSecond × seconds + Reserve. Pure.
/// </summary>
public static class RetryBudget
{
    /// <summary>What there is at first.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    public static RetryBudgetState Begin(RetryBudgetSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new RetryBudgetState(settings.Reserve, now);
    }

    /// <summary>Counts a call, not a retry.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="state">What is left.</param>
    /// <param name="now">The time, of a clock that only goes forward.</param>
    public static RetryBudgetState Call(RetryBudgetSettings settings, RetryBudgetState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Add(settings, Flow(settings, state, now), settings.Ratio);
    }

    /// <summary>Takes a retry, where one is left.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="state">What is left.</param>
    /// <param name="now">The time, of a clock that only goes forward.</param>
    public static (RetryBudgetState State, bool Taken) Take(RetryBudgetSettings settings, RetryBudgetState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var flowed = Flow(settings, state, now);

        // Sums of tenths are a hair less than whole.
        return flowed.Left >= 1 - 1e-9 ? (flowed with { Left = Math.Max(0, flowed.Left - 1) }, true) : (flowed, false);
    }

    private static RetryBudgetState Flow(RetryBudgetSettings settings, RetryBudgetState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return now <= state.At ? state : Add(settings, state with { At = now }, settings.PerSecond * (now - state.At).TotalSeconds);
    }

    private static RetryBudgetState Add(RetryBudgetSettings settings, RetryBudgetState state, double retries) =>
        state with { Left = Math.Min(Math.Max(settings.Reserve, state.Left), state.Left + retries) };
}
