namespace AgentFunctions.Core.Policies.Scaling;

/// <summary>
/// How many instances are wanted: (state, load, now) to (state, number, reason). Quick to add, by what is needed now or was needed at this hour on past days; slow to
/// remove, by the most that was needed for a while (as Kubernetes' stabilisation window). More is never added where more would not help: many activities fail, or wait for a
/// provider's quota. What is needed goes by the slots that the workers have and not by what was wanted before, so that instances on their way up are not asked for again.
/// </summary>
public static class ScalingPolicy
{
    /// <summary>Decides.</summary>
    /// <param name="rules">What it goes by.</param>
    /// <param name="state">What it remembers.</param>
    /// <param name="sample">The load.</param>
    /// <param name="now">The time.</param>
    public static (ScalingState State, ScalingDecision Decision) Decide(ScalingRules rules, ScalingState state, ScalingSample sample, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(sample);
        var isFirst = state.Wanted == 0;
        state = state with
        {
            Wanted = Math.Clamp(isFirst ? sample.Workers : state.Wanted, rules.MinInstances, rules.MaxInstances),

            // What lies ahead is of a clock that was set back: taken as now, or a cooldown of seconds would last as long as the clock was set back.
            OutAt = state.OutAt > now ? now : state.OutAt,
            InAt = state.InAt > now ? now : state.InAt,
            LowSince = state.LowSince > now ? now : state.LowSince,
        };
        if (sample.Workers == 0 || sample.Slots == 0) return Stay(state, new ScalingDecision { Reason = "No worker has told how many slots it has: nothing changes." });
        if (sample.FailureShare >= rules.HoldAtFailureShare)
        {
            // Nor is such a time one to learn from.
            return Stay(state with { LowSince = null, LowPeak = 0 }, new ScalingDecision { Reason = ScalingNeed.Text($"{ScalingNeed.Percent(sample.FailureShare)} of the activities fail: more instances would not mend that, and fewer would be missed after it. Nothing changes.") });
        }

        state = state with { History = state.History.Observe(sample.Demand(rules.DrainWithin), now, rules.ForecastWeight) };
        var need = ScalingNeed.ToAdd(rules, sample);
        var ahead = ScalingNeed.Ahead(rules, sample, state.History, now);
        var decision = new ScalingDecision { Needed = need.Instances, Forecast = ahead };
        var most = Math.Max(need.Instances, ahead ?? 0);
        if (most > state.Wanted) return Out(rules, state, sample, now, decision, most, ahead > need.Instances ? ScalingNeed.Text($"past days needed {ahead} instances within {ScalingNeed.Seconds(rules.ForecastAhead)} of this hour") : need.Reason, isFirst);
        return In(rules, state, sample, now, decision, Math.Max(ahead ?? 0, ScalingNeed.ToKeep(rules, sample)));
    }

    private static (ScalingState State, ScalingDecision Decision) Out(ScalingRules rules, ScalingState state, ScalingSample sample, DateTimeOffset now, ScalingDecision decision, int need, string why, bool isFirst)
    {
        state = state with { LowSince = null, LowPeak = 0 };
        if (sample.LimitedShare >= rules.HoldAtLimitedShare)
        {
            return Stay(state, decision with { Reason = ScalingNeed.Text($"{need} instances would be needed, as {why}; but {ScalingNeed.Percent(sample.LimitedShare)} of the running activities wait for a provider's quota, of which more instances get no more. Nothing is added.") });
        }

        if (state.Wanted >= rules.MaxInstances) return Stay(state, decision with { Reason = ScalingNeed.Text($"{need} instances would be needed, as {why}; {rules.MaxInstances} is the most that may be.") });
        if (!isFirst && state.OutAt is { } last && now - last < rules.OutCooldown)
        {
            return Stay(state, decision with { Reason = ScalingNeed.Text($"{need} instances are needed, as {why}; some were added {ScalingNeed.Seconds(now - last)} ago, and the next are no sooner than {ScalingNeed.Seconds(rules.OutCooldown)} after.") });
        }

        var wanted = Math.Min(Math.Min(need, rules.MaxInstances), isFirst ? rules.MaxInstances : state.Wanted + rules.StepOut);
        return (state with { Wanted = wanted, OutAt = now }, decision with { Wanted = wanted, Reason = ScalingNeed.Text($"{need} instances are needed, as {why}.") });
    }

    private static (ScalingState State, ScalingDecision Decision) In(ScalingRules rules, ScalingState state, ScalingSample sample, DateTimeOffset now, ScalingDecision decision, int keep)
    {
        keep = Math.Max(keep, rules.MinInstances);
        if (sample.WaitP95 > rules.TargetWait / 2)
        {
            return Stay(state with { LowSince = null, LowPeak = 0 }, decision with { Reason = ScalingNeed.Text($"One activity in twenty waited for {ScalingNeed.Seconds(sample.WaitP95)} or longer: nothing is removed above {ScalingNeed.Seconds(rules.TargetWait / 2)}.") });
        }

        if (keep >= state.Wanted)
        {
            return Stay(state with { LowSince = null, LowPeak = 0 }, decision with { Reason = ScalingNeed.Text($"{ScalingNeed.Percent(sample.Utilisation)} of the slots are taken: {state.Wanted} {(state.Wanted == 1 ? "instance is" : "instances are")} right.") });
        }

        state = state with { LowSince = state.LowSince ?? now, LowPeak = Math.Max(state.LowPeak, keep) };
        var isLowFor = now - state.LowSince!.Value;
        if (isLowFor < rules.InAfter || (state.InAt is { } last && now - last < rules.InCooldown))
        {
            return Stay(state, decision with { Reason = ScalingNeed.Text($"{keep} would do for {ScalingNeed.Percent(sample.Utilisation)} of the slots; that must be so for {ScalingNeed.Seconds(rules.InAfter)}, and has been for {ScalingNeed.Seconds(isLowFor)}.") });
        }

        var peak = state.LowPeak;
        var wanted = Math.Max(peak, state.Wanted - rules.StepIn);

        // Where the steps have reached the most that was needed, what is needed from now on decides anew.
        if (wanted == peak) state = state with { LowSince = null, LowPeak = 0 };
        return (state with { Wanted = wanted, InAt = now }, decision with { Wanted = wanted, Reason = ScalingNeed.Text($"No more than {peak} were needed for {ScalingNeed.Seconds(isLowFor)}: fewer will do.") });
    }

    private static (ScalingState State, ScalingDecision Decision) Stay(ScalingState state, ScalingDecision decision) => (state, decision with { Wanted = state.Wanted });
}
