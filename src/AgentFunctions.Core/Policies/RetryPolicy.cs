using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies;

/// <summary>Whether and when to try again. Pure; waits are spread by <see cref="Backoff.FullJitter"/>.</summary>
public sealed record RetryPolicy
{
    /// <summary>One attempt.</summary>
    public static RetryPolicy None { get; } = new() { MaxAttempts = 1 };

    /// <summary>How many attempts in all, 1 to 100. Default: 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The longest wait after the first attempt; it doubles with each further one. 0 to 1 day. Default: 1 second.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of all, unless the other side asked for more; <see cref="BaseDelay"/> to 1 day. Default: 30 seconds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether another attempt is due.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="failure">How it failed; a permanent failure is never tried again.</param>
    public bool Allows(int attempt, FailureDetails failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return attempt < MaxAttempts && !failure.Permanent;
    }

    /// <summary>
    /// How long to wait before the next attempt. Where the other side named a time (RFC 9110, Retry-After) the wait is that time and the
    /// jitter on top, so that nobody comes early and not everybody comes at once.
    /// </summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The attempt is below 1, or the fraction is out of its range.</exception>
    public TimeSpan Delay(int attempt, FailureDetails failure, double fraction)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var jitter = Backoff.FullJitter(attempt, BaseDelay, MaxDelay, fraction);
        return failure.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked + jitter : jitter;
    }

    /// <summary>What is wrong with the settings (which one, its value, the range), or null where nothing is.</summary>
    internal string? Fault() =>
        MaxAttempts is < 1 or > 100 ? $"{nameof(MaxAttempts)} is {MaxAttempts}. It must be 1 to 100."
        : BaseDelay < TimeSpan.Zero || BaseDelay > TimeSpan.FromDays(1) ? $"{nameof(BaseDelay)} is {BaseDelay}. It must be 0 to 1 day."
        : MaxDelay < BaseDelay || MaxDelay > TimeSpan.FromDays(1) ? $"{nameof(MaxDelay)} is {MaxDelay}. It must be {nameof(BaseDelay)} ({BaseDelay}) to 1 day."
        : null;
}
