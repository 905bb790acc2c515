using System.Runtime.ExceptionServices;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>The way of one call through a pool: where a deployment refuses it, it goes to the next best at once, to each at most once.</summary>
internal sealed class DeploymentTour(DeploymentPool pool, string? session)
{
    private readonly List<int> tried = [];
    private readonly List<Exception> refusals = [];
    private bool hasFailed;

    /// <summary>Goes to the next deployment.</summary>
    /// <exception cref="ThrottledException">All that are worth asking have refused. It says why each does, and the shortest time after which one may serve again.</exception>
    /// <exception cref="DeploymentRefusedException">All refuse whatever they are asked.</exception>
    public DeploymentCall Next() => pool.Start(session, tried) ?? throw Refusal();

    /// <summary>Ends a call that failed.</summary>
    /// <returns>Whether it may go to another deployment: it was refused, so that nothing was done and nothing paid.</returns>
    public bool MayGoOn(DeploymentCall call, Exception error, CancellationToken cancellationToken)
    {
        var outcome = CallOutcomes.Of(error, cancellationToken);
        call.End(outcome, (error as ThrottledException)?.RetryAfter, error);
        hasFailed = outcome == CallOutcome.Failed;
        if (outcome != CallOutcome.Refused || call.Start.WasAnswered) return false;
        tried.Add(call.Deployment);
        refusals.Add(error);
        return true;
    }

    /// <summary>The error to be thrown in place of a call's failure, as no other deployment is well; null where the failure itself is.</summary>
    /// <param name="call">The call, which may not go on.</param>
    /// <param name="error">Its failure.</param>
    public Exception? InPlaceOf(DeploymentCall call, Exception error) => hasFailed ? NoDeployment.Failed(pool.Model, error, Told(), call.Deployment) : null;

    private Exception Refusal()
    {
        if (refusals.Count == 0) throw new InvalidOperationException("A pool gave no deployment to a call that none has refused. Report this.");

        // With the stack of where it was refused.
        if (pool.Count == 1) ExceptionDispatchInfo.Throw(refusals[0]);
        return NoDeployment.Refused(pool.Model, Told());
    }

    private List<(DeploymentStanding Standing, Exception? Refusal)> Told() =>
        [.. pool.Standings().Select((standing, i) => (standing, tried.IndexOf(i) is >= 0 and var place ? refusals[place] : null))];
}
