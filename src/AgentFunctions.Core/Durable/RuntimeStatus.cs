namespace AgentFunctions.Core.Durable;

/// <summary>Where a run is in its life. Durable Functions' own values.</summary>
public enum RuntimeStatus
{
    /// <summary>Accepted, not yet started.</summary>
    Pending,

    /// <summary>Started, not yet ended.</summary>
    Running,

    /// <summary>Paused by a client: events and results are kept and handled on resume.</summary>
    Suspended,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended by a client.</summary>
    Terminated,

    /// <summary>Between two executions of a run that continues as new.</summary>
    ContinuedAsNew,
}

/// <summary>Questions about a <see cref="RuntimeStatus"/>.</summary>
public static class RuntimeStatusExtensions
{
    /// <summary>Whether the run has ended: Completed, Failed or Terminated.</summary>
    /// <param name="status">The status.</param>
    public static bool IsFinal(this RuntimeStatus status) => status is RuntimeStatus.Completed or RuntimeStatus.Failed or RuntimeStatus.Terminated;
}
