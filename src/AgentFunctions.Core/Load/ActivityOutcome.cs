using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Load;

/// <summary>How an activity ended, as far as load is concerned.</summary>
public enum ActivityOutcome
{
    /// <summary>It gave its output.</summary>
    Succeeded,

    /// <summary>It failed for a reason that may pass: the other side is away, slow, or refuses for now.</summary>
    Failed,

    /// <summary>It failed for good, as with wrong input: that says nothing about how the worker and what it calls are.</summary>
    Refused,

    /// <summary>It was asked to stop, as nobody waits for it any more or the worker ends.</summary>
    Cancelled,
}

/// <summary>Tells outcomes from exceptions.</summary>
public static class ActivityOutcomes
{
    /// <summary>The outcome that an exception comes to.</summary>
    /// <param name="exception">What the activity threw.</param>
    /// <param name="wasAsked">Whether it had been asked to stop.</param>
    public static ActivityOutcome Of(Exception exception, bool wasAsked)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (wasAsked && exception is OperationCanceledException) return ActivityOutcome.Cancelled;
        return FailureDetails.From(exception).Permanent ? ActivityOutcome.Refused : ActivityOutcome.Failed;
    }
}
