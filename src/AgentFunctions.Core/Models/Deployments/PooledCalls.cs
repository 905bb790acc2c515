namespace AgentFunctions.Core.Models.Deployments;

/// <summary>Calls with one answer, through a pool.</summary>
internal static class PooledCalls
{
    /// <summary>Makes a call at a deployment, or at the next best where it is refused.</summary>
    /// <param name="pool">The deployments.</param>
    /// <param name="session">What the calls of its session have in common; null where it belongs to none.</param>
    /// <param name="call">Calls a deployment, by its place.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="Durable.ThrottledException">All deployments refuse for now.</exception>
    /// <exception cref="DeploymentRefusedException">All deployments refuse whatever they are asked.</exception>
    public static async Task<T> CallAsync<T>(this DeploymentPool pool, string? session, Func<int, Task<T>> call, CancellationToken cancellationToken)
    {
        var tour = new DeploymentTour(pool, session);
        while (true)
        {
            var started = tour.Next();
            try
            {
                var answer = await call(started.Deployment);
                started.Answer();
                started.End(CallOutcome.Answered);
                return answer;
            }
            catch (Exception error)
            {
                if (tour.MayGoOn(started, error, cancellationToken)) continue;
                if (tour.InPlaceOf(started, error) is { } told) throw told;
                throw;
            }
        }
    }
}
