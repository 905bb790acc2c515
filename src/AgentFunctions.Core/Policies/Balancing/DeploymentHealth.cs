namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>
/// How a deployment's state changes with its calls. What fails, refuses or is much slower than the others is left for a while, longer each time in a row; then one call at
/// a time tries it; and when one was answered it comes back over as long as it was away. Pure.
/// </summary>
public static class DeploymentHealth
{
    /// <summary>So many slow answers in a row tell that a deployment is slow: a single long answer says nothing of it.</summary>
    public const int SlowAnswersThatTell = 3;

    /// <summary>So many calls that wait in silence tell it before any answer comes.</summary>
    public const int SilentCallsThatTell = 2;

    /// <summary>However long a deployment asks to be left alone, it is tried after 5 minutes.</summary>
    public static readonly TimeSpan LongestWord = TimeSpan.FromMinutes(5);

    // The share of successes is over about the last 16 calls.
    private const double SuccessWeight = 1 / 16.0;
    private const double SuccessThatIsWell = 0.9;

    /// <summary>A call goes to it.</summary>
    /// <param name="state">The deployment.</param>
    /// <param name="now">The time.</param>
    public static (DeploymentState State, CallStart Call) Started(DeploymentState state, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var isTry = state.StandingAt(now) == Standing.Due;
        var started = state with
        {
            InFlight = state.InFlight + 1,
            Unanswered = state.Unanswered + 1,
            UnansweredSince = state.Unanswered == 0 ? now : state.UnansweredSince,
            IsTried = state.IsTried || isTry,
        };
        return (started, new CallStart(now, state.Epoch, state.Heard, isTry));
    }

    /// <summary>A call was answered, or the first piece of its answer came.</summary>
    /// <param name="state">The deployment.</param>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="slow">What is slow for it, in milliseconds (<see cref="PoolView.SlowFrom"/>).</param>
    /// <param name="rules">The rules.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static DeploymentState Answered(DeploymentState state, CallStart call, TimeSpan now, double slow, BalancingRules rules, double fraction)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var took = (now - call.At).TotalMilliseconds;
        var heard = Heard(state) with { Success = state.Success + ((1 - state.Success) * SuccessWeight) };
        if (call.Epoch != state.Epoch) return heard;
        if (took > slow)
        {
            var measured = Measured(heard, took, now, rules) with { SlowAnswers = heard.SlowAnswers + 1 };
            return state.LeftAt is not null && call.IsTry ? Left(measured, now, LeftFor.Slowness, rules, fraction) : measured;
        }

        heard = heard with { SlowAnswers = 0, Failures = 0 };
        if (state.LeftAt is not { } leftAt) return Measured(heard, took, now, rules) with { Leaves = now >= state.BackAt ? 0 : state.Leaves };

        // What was measured while it was not well says nothing of it any more.
        var away = now - leftAt;
        return heard with { Mean = took, Peak = took, MeasuredAt = now, LeftAt = null, IsTried = false, BackFrom = now, BackAt = now + (away < rules.SlowStart ? away : rules.SlowStart) };
    }

    /// <summary>
    /// A call failed for what is the deployment's fault, before or amid its answer. One that nearly always answers is only passed over for a moment, so that a retry goes elsewhere: were
    /// it left for every single failure, those that happen here and there would drive calls from one to the other.
    /// </summary>
    /// <param name="state">The deployment.</param>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="canBeSpared">Whether at least half of the pool is open without it. Where not, a first failure leaves it in: failures here and there must not empty the pool.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static DeploymentState Failed(DeploymentState state, CallStart call, TimeSpan now, bool canBeSpared, BalancingRules rules, double fraction)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var failed = Heard(Waited(state, call, now)) with { Success = state.Success * (1 - SuccessWeight) };
        if (call.Epoch != state.Epoch) return failed;
        failed = failed with { Failures = failed.Failures + 1 };
        if (IsAskedAllTheSame(state, call)) return failed;
        if (failed is not { Failures: 1, LeftAt: null }) return Left(failed, now, LeftFor.Failure, rules, fraction);
        if (!canBeSpared) return failed;
        return state is { Mean: not null, Success: >= SuccessThatIsWell } ? failed with { PassedOverUntil = now + rules.ShortestQuiet } : Left(failed, now, LeftFor.Failure, rules, fraction);
    }

    /// <summary>A call was refused for now.</summary>
    /// <param name="state">The deployment.</param>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">How long it asks to be left alone; null where it does not say.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static DeploymentState Refused(DeploymentState state, CallStart call, TimeSpan now, TimeSpan? retryAfter, BalancingRules rules, double fraction)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var heard = Heard(state);
        if (retryAfter is not { } wait || wait <= TimeSpan.Zero) return call.Epoch == state.Epoch && !IsAskedAllTheSame(state, call) ? Left(heard, now, LeftFor.Refusal, rules, fraction) : heard;
        var until = now + (wait < LongestWord ? wait : LongestWord);

        // Refusals of calls that were out together are one leave, as long as the longest of them asks.
        return state is { LeftAt: not null, IsItsWord: true } && call.Epoch != state.Epoch
            ? heard with { LeftUntil = until > state.LeftUntil ? until : state.LeftUntil }
            : Away(heard, now, LeftFor.Refusal) with { LeftUntil = until, IsItsWord = true };
    }

    /// <summary>
    /// A call was given up by its caller, which says nothing of the deployment, unless the call was to try it and has waited for longer than is slow: what still hangs is left for longer, or
    /// the next call would try it at once, and the one after that.
    /// </summary>
    /// <param name="state">The deployment.</param>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="slow">What is slow for it, in milliseconds (<see cref="PoolView.SlowFrom"/>).</param>
    /// <param name="rules">The rules.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static DeploymentState GivenUp(DeploymentState state, CallStart call, TimeSpan now, double slow, BalancingRules rules, double fraction)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var ended = Ended(state, call, now, wasHeard: false);
        var isSlowTry = call is { IsTry: true, WasAnswered: false } && call.Epoch == state.Epoch && state.LeftAt is not null && (now - call.At).TotalMilliseconds > slow;
        return isSlowTry ? Left(ended, now, LeftFor.Slowness, rules, fraction) : ended;
    }

    /// <summary>A call ended without saying anything of the deployment's health: it was wrong, or its caller gave it up.</summary>
    /// <param name="state">The deployment.</param>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="wasHeard">Whether the deployment answered at all.</param>
    public static DeploymentState Ended(DeploymentState state, CallStart call, TimeSpan now, bool wasHeard)
    {
        ArgumentNullException.ThrowIfNull(state);
        var ended = wasHeard ? Heard(state) : Waited(state, call, now);
        return call.IsTry && call.Epoch == state.Epoch ? ended with { IsTried = false } : ended;
    }

    /// <summary>A call is no longer in flight; what its end says has been told before.</summary>
    /// <param name="state">The deployment.</param>
    public static DeploymentState Landed(DeploymentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { InFlight = Math.Max(0, state.InFlight - 1) };
    }

    /// <summary>Leaves a deployment that is much slower than the others, or silent for longer than they are slow.</summary>
    /// <param name="state">The deployment.</param>
    /// <param name="now">The time.</param>
    /// <param name="slow">What is slow for it, in milliseconds.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="fraction">A random number, 0 inclusive to 1 exclusive.</param>
    public static DeploymentState Watched(DeploymentState state, TimeSpan now, double slow, BalancingRules rules, double fraction)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rules);
        var isSlow = state.SlowAnswers >= SlowAnswersThatTell || (state.Unanswered >= SilentCallsThatTell && state.SilenceAt(now) > slow);
        return isSlow && state.LeftAt is null && double.IsFinite(slow) ? Left(state, now, LeftFor.Slowness, rules, fraction) : state;
    }

    private static DeploymentState Left(DeploymentState state, TimeSpan now, LeftFor reason, BalancingRules rules, double fraction)
    {
        var away = Away(state, now, reason);
        var leaves = Math.Min(state.Leaves + 1, 1000);
        return away with { Leaves = leaves, LeftUntil = now + rules.Quiet(leaves, fraction), IsItsWord = false };
    }

    private static DeploymentState Away(DeploymentState state, TimeSpan now, LeftFor reason) => state with
    {
        LeftAt = state.LeftAt ?? now,
        Epoch = state.Epoch + 1,
        Reason = reason,
        IsTried = false,
        SlowAnswers = 0,
        Unanswered = 0,
        Heard = state.Heard + 1,
    };

    /// <summary>
    /// Whether a call went to a deployment that is left, as none was well. It says nothing new: only tries, of which there is one after each time, leave it for longer. Else an outage of
    /// all would leave each for the longest time within seconds, and the first to come back alone with all calls.
    /// </summary>
    private static bool IsAskedAllTheSame(DeploymentState state, CallStart call) => state.LeftAt is not null && !call.IsTry;

    private static DeploymentState Heard(DeploymentState state) => state with { Unanswered = 0, Heard = state.Heard + 1 };

    private static DeploymentState Measured(DeploymentState state, double took, TimeSpan now, BalancingRules rules) => state with
    {
        Mean = PeakEwma.Average(state.Mean, took, now - state.MeasuredAt, rules.Decay),
        Peak = PeakEwma.Peak(state.Peak, took, now - state.MeasuredAt, rules.Decay),
        MeasuredAt = now,
    };

    /// <summary>A call that got no answer has waited for one at least as long as it did.</summary>
    private static DeploymentState Waited(DeploymentState state, CallStart call, TimeSpan now)
    {
        if (call.WasAnswered) return state;
        var waited = (now - call.At).TotalMilliseconds;
        var raised = call.Epoch == state.Epoch && state.Peak is { } peak && waited > peak ? state with { Peak = waited, MeasuredAt = now } : state;
        return call.Heard == state.Heard ? raised with { Unanswered = Math.Max(0, raised.Unanswered - 1) } : raised;
    }
}
