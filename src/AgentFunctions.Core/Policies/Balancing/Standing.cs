namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>Whether a deployment may be called, the best first.</summary>
public enum Standing
{
    /// <summary>It is well, or comes back to its share.</summary>
    Open,

    /// <summary>It was left and its time is over: one call may try it.</summary>
    Due,

    /// <summary>It has failed or is slow, or is being tried by one call.</summary>
    Left,

    /// <summary>It has said itself until when it refuses.</summary>
    Quiet,
}

/// <summary>Why a deployment was left.</summary>
public enum LeftFor
{
    /// <summary>It failed, or did not answer in time.</summary>
    Failure,

    /// <summary>It is much slower than the others.</summary>
    Slowness,

    /// <summary>It refused.</summary>
    Refusal,
}
