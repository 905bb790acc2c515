namespace AgentFunctions.Core.Policies.Sagas;

/// <summary>Where a step of a saga stands.</summary>
public enum SagaStepStatus
{
    /// <summary>It never began.</summary>
    NotStarted,

    /// <summary>It took effect.</summary>
    Succeeded,

    /// <summary>It did not take effect: every attempt was refused (a permanent failure).</summary>
    Refused,

    /// <summary>Nobody knows: an attempt timed out, or failed in a way that leaves it open.</summary>
    Unknown,
}

/// <summary>Where a compensation of a saga stands.</summary>
public enum SagaUndoStatus
{
    /// <summary>There is nothing to compensate.</summary>
    NotNeeded,

    /// <summary>It is to be run.</summary>
    Due,

    /// <summary>It took effect.</summary>
    Done,

    /// <summary>It waits for a person.</summary>
    Parked,

    /// <summary>A person says that it is done.</summary>
    DoneByHand,

    /// <summary>A person says to leave it.</summary>
    Skipped,

    /// <summary>Nobody decided in time.</summary>
    Unresolved,
}

/// <summary>What a person decides about a parked compensation.</summary>
public enum SagaDecision
{
    /// <summary>It was done by hand, or there was nothing to do.</summary>
    Done,

    /// <summary>It is to be run again, with the same idempotency key.</summary>
    Retry,

    /// <summary>It is to be left.</summary>
    Skip,
}
