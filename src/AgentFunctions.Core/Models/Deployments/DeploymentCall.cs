using AgentFunctions.Core.Policies.Balancing;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>A call on its way to a deployment. It ends once; what comes after that is not counted.</summary>
internal sealed class DeploymentCall(DeploymentPool pool, int deployment, CallStart start)
{
    private bool hasEnded;

    /// <summary>The deployment's place in the pool.</summary>
    public int Deployment { get; } = deployment;

    /// <summary>How the deployment stood when it started.</summary>
    public CallStart Start { get; private set; } = start;

    /// <summary>Its answer has come, or begun to.</summary>
    public void Answer()
    {
        if (Start.WasAnswered || hasEnded) return;
        pool.Answered(this);
        Start = Start with { WasAnswered = true };
    }

    /// <summary>It has ended.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="retryAfter">How long the deployment asks to be left alone, where it does.</param>
    /// <param name="error">What it failed with, if it did.</param>
    public void End(CallOutcome outcome, TimeSpan? retryAfter = null, Exception? error = null)
    {
        if (hasEnded) return;
        hasEnded = true;
        pool.End(this, outcome, retryAfter, error);
    }
}
