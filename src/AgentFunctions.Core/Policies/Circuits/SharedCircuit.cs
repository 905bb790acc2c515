namespace AgentFunctions.Core.Policies.Circuits;

/// <summary>
/// How workers' news change what they know together. News that come twice, late or in another order change nothing more: openings and closings raise the version that
/// news must name, and a question for a probe has a number. Pure.
/// </summary>
public static class SharedCircuit
{
    /// <summary>The state after a worker's news.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="news">The news.</param>
    /// <param name="now">The time, by the clock of whoever serves the state: it may differ by seconds from one time to the next.</param>
    public static SharedCircuitState After(SharedCircuitState state, CircuitTell news, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(news);
        if (news.Version != state.Version) return state;
        return news.News switch
        {
            CircuitNews.Opened => Open(state, news, now),
            CircuitNews.Closed when state.IsOpen => state with { Version = state.Version + 1, IsOpen = false, Since = null, OpenUntil = null, ClosedAt = now, Probe = null, Answers = Nobody },
            CircuitNews.Released when state.Probe is { } probe && probe.Worker == news.Worker && probe.Number == news.Number => state with { Probe = null },
            CircuitNews.AsksToProbe when state.IsOpen => Answer(state, news, now),
            _ => state,
        };
    }

    private static IReadOnlyDictionary<string, CircuitAnswer> Nobody { get; } = new Dictionary<string, CircuitAnswer>(StringComparer.Ordinal);

    private static SharedCircuitState Open(SharedCircuitState state, CircuitTell news, DateTimeOffset now)
    {
        var openings = Circuit.OpeningsAfter(news.Settings, state.IsOpen, state.Openings, state.ClosedAt ?? DateTimeOffset.MinValue, now);
        var pause = Circuit.Break(news.Settings, openings, news.Fraction);
        return state with
        {
            Version = state.Version + 1,
            IsOpen = true,
            Since = state.Since ?? now,
            OpenUntil = now + pause,
            Break = pause,
            Openings = openings,
            Opened = state.Opened + 1,
            Failures = state.Failures + news.Failures,
            LastFailure = news.LastFailure ?? state.LastFailure,
            Probe = null,
            Answers = Nobody,
        };
    }

    private static SharedCircuitState Answer(SharedCircuitState state, CircuitTell news, DateTimeOffset now)
    {
        if (state.Answers.TryGetValue(news.Worker, out var last) && last.Number >= news.Number) return state;

        // A clock that was set back must lengthen neither a break nor a lease.
        var wait = state.Wait(now);
        var lease = state.Probe is { } held && held.Worker != news.Worker ? Clamped(held.Until - now, news.Settings.ProbeLease) : TimeSpan.Zero;
        var granted = wait == TimeSpan.Zero && lease == TimeSpan.Zero;

        // Whoever probes is likely to know soon: asking again after a second learns of it.
        var again = granted ? TimeSpan.Zero : wait > TimeSpan.Zero ? wait : Clamped(lease, TimeSpan.FromSeconds(1));
        return state with
        {
            OpenUntil = now + wait,
            Probe = granted ? new CircuitProbe(news.Worker, news.Number, now + news.Settings.ProbeLease) : state.Probe is { } kept ? kept with { Until = now + Clamped(kept.Until - now, news.Settings.ProbeLease) } : null,
            Answers = new Dictionary<string, CircuitAnswer>(state.Answers, StringComparer.Ordinal) { [news.Worker] = new CircuitAnswer(news.Number, granted, again) },
        };
    }

    private static TimeSpan Clamped(TimeSpan value, TimeSpan most) => value < TimeSpan.Zero ? TimeSpan.Zero : value < most ? value : most;
}
