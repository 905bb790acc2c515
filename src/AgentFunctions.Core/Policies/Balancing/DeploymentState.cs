namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>What is known of a deployment. Times are since any one moment, by a clock that never goes back; durations are in milliseconds.</summary>
public sealed record DeploymentState
{
    /// <summary>The least share of its work that a deployment gets which comes back.</summary>
    public const double LeastWeight = 0.1;

    /// <summary>Calls that have started and not ended.</summary>
    public int InFlight { get; init; }

    /// <summary>Calls that have started since anything was heard from it, and wait for an answer.</summary>
    public int Unanswered { get; init; }

    /// <summary>When the first of them started.</summary>
    public TimeSpan UnansweredSince { get; init; }

    /// <summary>How many times something was heard from it: a call that started before the last time is only a long one.</summary>
    public long Heard { get; init; }

    /// <summary>The average time to answer; null where none is known.</summary>
    public double? Mean { get; init; }

    /// <summary>The peak average of it (<see cref="PeakEwma"/>).</summary>
    public double? Peak { get; init; }

    /// <summary>When it was measured last.</summary>
    public TimeSpan MeasuredAt { get; init; }

    /// <summary>The share of calls that did not fail, lately.</summary>
    public double Success { get; init; } = 1;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Slow answers in a row.</summary>
    public int SlowAnswers { get; init; }

    /// <summary>How many times it was left in all: what a call says that started before the last time is old.</summary>
    public long Epoch { get; init; }

    /// <summary>How many times in a row it was left before it was well again for long enough.</summary>
    public int Leaves { get; init; }

    /// <summary>Until when it is passed over for a single failure.</summary>
    public TimeSpan PassedOverUntil { get; init; }

    /// <summary>When it was left; null where it is not.</summary>
    public TimeSpan? LeftAt { get; init; }

    /// <summary>Until when nothing goes to it, if it is left.</summary>
    public TimeSpan LeftUntil { get; init; }

    /// <summary>Why it was left, if it is.</summary>
    public LeftFor Reason { get; init; }

    /// <summary>Whether it named the time itself.</summary>
    public bool IsItsWord { get; init; }

    /// <summary>Whether a call is trying it.</summary>
    public bool IsTried { get; init; }

    /// <summary>When it began to come back.</summary>
    public TimeSpan BackFrom { get; init; }

    /// <summary>When it has its whole share again.</summary>
    public TimeSpan BackAt { get; init; }

    /// <summary>Whether it may be called.</summary>
    /// <param name="now">The time.</param>
    public Standing StandingAt(TimeSpan now) =>
        LeftAt is null ? now < PassedOverUntil ? Standing.Left : Standing.Open
        : now < LeftUntil ? IsItsWord ? Standing.Quiet : Standing.Left
        : IsTried ? Standing.Left
        : Standing.Due;

    /// <summary>The part of its share that it gets: 1, or less while it comes back.</summary>
    /// <param name="now">The time.</param>
    public double WeightAt(TimeSpan now) => now >= BackAt ? 1 : Math.Clamp((now - BackFrom) / (BackAt - BackFrom), LeastWeight, 1);

    /// <summary>For how long nothing was heard from it while calls waited, in milliseconds.</summary>
    /// <param name="now">The time.</param>
    public double SilenceAt(TimeSpan now) => Unanswered > 0 ? Math.Max(0, (now - UnansweredSince).TotalMilliseconds) : 0;
}
