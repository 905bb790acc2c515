using System.Runtime.ExceptionServices;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Models.Deployments;

/// <summary>The way of one call through a pool: where a deployment refuses it, it goes to the next best at once, to each at most once.</summary>
internal sealed class DeploymentTour(DeploymentPool pool, string? session)
{
    private readonly List<int> tried = [];
    private ThrottledException? refusal;

    /// <summary>Goes to the next deployment.</summary>
    /// <exception cref="ThrottledException">All that are worth asking have refused. It says the shortest time after which one may serve again.</exception>
    public DeploymentCall Next() => pool.Start(session, tried) ?? throw Refusal();

    /// <summary>Ends a call that failed.</summary>
    /// <returns>Whether it may go to another deployment: it was refused, so that nothing was done and nothing paid.</returns>
    public bool MayGoOn(DeploymentCall call, Exception error, CancellationToken cancellationToken)
    {
        var outcome = CallOutcomes.Of(error, cancellationToken);
        call.End(outcome, (error as ThrottledException)?.RetryAfter);
        if (outcome != CallOutcome.Refused || call.Start.WasAnswered) return false;
        tried.Add(call.Deployment);
        var refused = (ThrottledException)error;
        if (refusal is null || (refused.RetryAfter ?? TimeSpan.MaxValue) < (refusal.RetryAfter ?? TimeSpan.MaxValue)) refusal = refused;
        return true;
    }

    private ThrottledException Refusal()
    {
        var known = refusal ?? throw new InvalidOperationException("A pool gave no deployment to a call that none has refused. Report this.");
        if (pool.Quiet(tried) is { } quiet && quiet < (known.RetryAfter ?? TimeSpan.MaxValue))
        {
            return new ThrottledException($"{tried.Count} of {pool.Count} deployments of '{pool.Model}' have refused this call, the others have said before that they refuse. Come back in {quiet.TotalSeconds:0.#} s. The last refusal: {known.Message}", quiet, known);
        }

        // With the stack of where it was refused.
        ExceptionDispatchInfo.Throw(known);
        return known;
    }
}
