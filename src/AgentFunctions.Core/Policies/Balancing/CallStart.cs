namespace AgentFunctions.Core.Policies.Balancing;

/// <summary>How a deployment stood when a call went to it, by which is known what the call's end has to say.</summary>
/// <param name="At">When it started.</param>
/// <param name="Epoch">The <see cref="DeploymentState.Epoch"/>.</param>
/// <param name="Heard">The <see cref="DeploymentState.Heard"/>.</param>
/// <param name="IsTry">Whether it is the one call that tries a deployment that was left.</param>
public sealed record CallStart(TimeSpan At, long Epoch, long Heard, bool IsTry)
{
    /// <summary>Whether its answer has begun.</summary>
    public bool WasAnswered { get; init; }
}
