namespace AgentFunctions.Core.Durable;

/// <summary>What an orchestrator may say about one call of an activity or a sub-orchestration.</summary>
public sealed record CallOptions
{
    /// <summary>The branch this call belongs to, shown on the timeline. Default: none.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// Cancelling it ends the caller's wait at once with <see cref="TaskCanceledException"/> and asks the running activity to stop:
    /// its own token fires (in the embedded engine within 100 ms). Cancellation is cooperative: an activity that does not look runs on,
    /// and what it returns is recorded but no longer delivered. Only code of the same orchestrator may cancel it, so that replay repeats it.
    /// Default: none.
    /// </summary>
    public CancellationToken Cancellation { get; init; }
}
