using System.Collections.Immutable;

namespace AgentFunctions.Core.Policies.Circuits;

/// <summary>
/// The circuit breaker (Nygard, "Release It!", 2007): calls to what keeps failing are not made for a while, then one is, and if it is answered all are again. It opens
/// by the share of failures among the calls of a window, as Polly's does, or by failures in a row. Pure.
/// </summary>
public static class Circuit
{
    private const int Parts = 10;

    /// <summary>How long a circuit stays open: the duration doubled for each opening after the first, never above the longest, less up to a quarter by chance, so that not all that broke together is tried together.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="openings">The how many-th opening it is, from 1.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The openings are below 1, or the fraction is out of its range.</exception>
    public static TimeSpan Break(CircuitSettings settings, int openings, double fraction)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (fraction is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction must be at least 0 and below 1.");
        return Backoff.Ceiling(openings, settings.BreakDuration, settings.LongestBreak) * (1 - (fraction / 4));
    }

    /// <summary>Asks whether a call may go through. One that may after a break is the probe.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="state">The circuit.</param>
    /// <param name="now">The time, of a clock that only goes forward.</param>
    public static (CircuitState State, CircuitLeave Leave) Ask(CircuitSettings settings, CircuitState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        if (state.Phase == CircuitPhase.Closed) return (state, new CircuitLeave(Allowed: true, 0, state.Era, TimeSpan.Zero));
        var due = state.Phase == CircuitPhase.Open ? state.RetryAt : state.ProbeUntil;
        if (now < due) return (state, new CircuitLeave(Allowed: false, 0, state.Era, state.Phase == CircuitPhase.Open ? due - now : Least(due - now, TimeSpan.FromSeconds(1))));
        var next = state with { Phase = CircuitPhase.HalfOpen, Probe = state.Probe + 1, ProbeUntil = now + settings.ProbeLease };
        return (next, new CircuitLeave(Allowed: true, next.Probe, state.Era, TimeSpan.Zero));
    }

    /// <summary>Counts a call that has ended.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="state">The circuit.</param>
    /// <param name="now">The time, of a clock that only goes forward.</param>
    /// <param name="leave">What it was let through by.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static CircuitState Record(CircuitSettings settings, CircuitState state, DateTimeOffset now, CircuitLeave leave, CircuitOutcome outcome, double fraction)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        if (leave.Era != state.Era) return state;
        if (leave.Probe > 0)
        {
            return outcome switch
            {
                CircuitOutcome.Answered => Close(state, now),
                CircuitOutcome.Failed => Open(settings, state, now, fraction),
                _ => leave.Probe == state.Probe ? Refuse(state, now) : state,
            };
        }

        if (outcome == CircuitOutcome.Nothing) return state;
        var failed = outcome == CircuitOutcome.Failed;
        var counted = state with { InARow = failed ? state.InARow + 1 : 0, Window = Count(settings, state.Window, now, failed) };
        return failed && Breaks(settings, counted) ? Open(settings, counted, now, fraction) : counted;
    }

    /// <summary>The failures within the window.</summary>
    /// <param name="state">The circuit.</param>
    public static int Failures(CircuitState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Window.Sum(part => part.Failed);
    }

    /// <summary>What it is once it has opened.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="state">The circuit.</param>
    /// <param name="now">The time.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static CircuitState Open(CircuitSettings settings, CircuitState state, DateTimeOffset now, double fraction)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(state);
        var openings = OpeningsAfter(settings, state.Phase != CircuitPhase.Closed, state.Openings, state.ClosedAt, now);
        return state with { Phase = CircuitPhase.Open, Era = state.Era + 1, Window = [], InARow = 0, Openings = openings, Since = state.Since ?? now, RetryAt = now + Break(settings, openings, fraction) };
    }

    /// <summary>What it is once another has said that it opened.</summary>
    /// <param name="state">The circuit.</param>
    /// <param name="since">Since when it is not closed.</param>
    /// <param name="retryAt">When it may be tried again.</param>
    /// <param name="openings">How often it has opened.</param>
    public static CircuitState Opened(CircuitState state, DateTimeOffset since, DateTimeOffset retryAt, int openings)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { Phase = CircuitPhase.Open, Era = state.Era + 1, Window = [], InARow = 0, Openings = openings, Since = since, RetryAt = retryAt };
    }

    /// <summary>What it is once it has closed.</summary>
    /// <param name="state">The circuit.</param>
    /// <param name="now">The time.</param>
    public static CircuitState Close(CircuitState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { Phase = CircuitPhase.Closed, Era = state.Era + 1, Window = [], InARow = 0, Since = null, ClosedAt = now };
    }

    /// <summary>What it is once a probe was not made after all: it stays open, and is tried again from then on.</summary>
    /// <param name="state">The circuit.</param>
    /// <param name="retryAt">When it may be tried again.</param>
    public static CircuitState Refuse(CircuitState state, DateTimeOffset retryAt)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase == CircuitPhase.HalfOpen ? state with { Phase = CircuitPhase.Open, RetryAt = retryAt } : state;
    }

    /// <summary>The how many-th opening one is: the first again after a quiet time as long as the longest break.</summary>
    internal static int OpeningsAfter(CircuitSettings settings, bool wasOpen, int openings, DateTimeOffset closedAt, DateTimeOffset now) =>
        !wasOpen && now - closedAt >= settings.LongestBreak ? 1 : openings + 1;

    private static bool Breaks(CircuitSettings settings, CircuitState state)
    {
        if (settings.ConsecutiveFailures > 0 && state.InARow >= settings.ConsecutiveFailures) return true;
        var failed = Failures(state);
        var calls = failed + state.Window.Sum(part => part.Answered);
        return calls >= settings.MinimumThroughput && failed >= settings.FailureRatio * calls;
    }

    private static ImmutableArray<CircuitBucket> Count(CircuitSettings settings, ImmutableArray<CircuitBucket> window, DateTimeOffset now, bool failed)
    {
        var first = 0;
        while (first < window.Length && now - window[first].From >= settings.SamplingWindow) first++;
        var kept = first == 0 ? window : window.RemoveRange(0, first);
        var (answers, failures) = failed ? (0, 1) : (1, 0);
        return kept is [.., var last] && now - last.From < settings.SamplingWindow / Parts
            ? kept.SetItem(kept.Length - 1, last with { Answered = last.Answered + answers, Failed = last.Failed + failures })
            : kept.Add(new CircuitBucket(now, answers, failures));
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
