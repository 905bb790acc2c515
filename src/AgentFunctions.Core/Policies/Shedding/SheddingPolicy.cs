using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>
/// Whether one more run is started, or refused with the time to come again. Work that will not be done in time is best not begun: it only takes the place of other work
/// (Welsh and Culler, "Adaptive overload control for busy internet servers", 2003). What nobody waits for is refused first, what a person waits for last. Pure.
/// </summary>
public static class SheddingPolicy
{
    /// <summary>Decides on a start.</summary>
    /// <param name="rules">The bounds.</param>
    /// <param name="state">Which lanes are being shed.</param>
    /// <param name="load">The load of the worker.</param>
    /// <param name="ask">The start.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive, by which those who are refused are told different times.</param>
    /// <returns>What becomes of it, and which lanes are being shed from now on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of its range.</exception>
    public static (ShedVerdict Verdict, SheddingState State) Decide(SheddingRules rules, SheddingState state, IngressLoad load, ShedAsk ask, double fraction)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(ask);
        if (fraction is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction must be at least 0 and below 1.");
        var next = new SheddingState(IsShed(RunPriority.Interactive), IsShed(RunPriority.Workflow), IsShed(RunPriority.Background));
        var verdict = new ShedVerdict { Lane = ask.Lane, Ahead = load.Ahead(ask.Lane), Wait = load.PlaceWait(ask.Lane), ModelWait = load.ModelWaits.Of(ask.Lane), RunTime = ask.RunTime };
        verdict = verdict with { IsTooLate = ask.Deadline is { } deadline && verdict.Expected > deadline };
        var reason = load.Starting.Total >= rules.MostStartingOf(ask.Lane) ? ShedReason.Starting
            : next.Of(ask.Lane) ? Pressure(rules, load, ask.Lane).Reason
            : verdict.IsTooLate ? ShedReason.Deadline
            : ShedReason.None;
        return reason == ShedReason.None ? (verdict, next) : (verdict with { Reason = reason, RetryAfter = RetryAfter(rules, load, ask, reason, verdict, fraction) }, next);

        bool IsShed(RunPriority lane) => Pressure(rules, load, lane).Share is var share && (share >= 1 || (state.Of(lane) && share >= rules.ResumeAt));
    }

    /// <summary>How full a lane is, 1 being full, and by what it is fullest.</summary>
    private static (double Share, ShedReason Reason) Pressure(SheddingRules rules, IngressLoad load, RunPriority lane)
    {
        var bounds = rules.Of(lane);
        // A worker that can't count its places has no measure for a queue.
        var queue = load.Sample.Slots > 0 ? load.Ahead(lane) / (bounds.Queue * load.Sample.Slots) : 0;
        var wait = load.PlaceWait(lane) / bounds.Wait;
        var model = load.ModelWaits.Of(lane) / bounds.ModelWait;
        return queue >= wait && queue >= model ? (queue, ShedReason.Queue) : wait >= model ? (wait, ShedReason.Wait) : (model, ShedReason.ModelWait);
    }

    private static TimeSpan RetryAfter(SheddingRules rules, IngressLoad load, ShedAsk ask, ShedReason reason, ShedVerdict verdict, double fraction)
    {
        var bounds = rules.Of(ask.Lane);
        var until = reason switch
        {
            ShedReason.Starting => SheddingRules.LeastRetry,
            ShedReason.Deadline => verdict.Expected - ask.Deadline!.Value,
            _ => new[] { UntilShort(), verdict.Wait - (bounds.Wait * rules.ResumeAt), verdict.ModelWait - (bounds.ModelWait * rules.ResumeAt) }.Max(),
        };
        var half = rules.LongestRetry / 2;
        until = until < SheddingRules.LeastRetry ? SheddingRules.LeastRetry : until > half ? half : until;
        return until + ((until > rules.RetrySpread ? until : rules.RetrySpread) * fraction);

        TimeSpan UntilShort()
        {
            var excess = load.Ahead(ask.Lane) - (bounds.Queue * load.Sample.Slots * rules.ResumeAt);
            return load.Sample.Slots > 0 && load.PerSecond > 0 && excess > 0 ? TimeSpan.FromSeconds(Math.Min(excess / load.PerSecond, rules.LongestRetry.TotalSeconds)) : TimeSpan.Zero;
        }
    }
}
