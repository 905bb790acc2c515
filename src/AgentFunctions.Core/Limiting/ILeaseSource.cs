using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Policies.RateLimiting;

namespace AgentFunctions.Core.Limiting;

/// <summary>Where a worker gets leases: the limiter's entity.</summary>
public interface ILeaseSource
{
    /// <summary>Tells and asks the limiter of a deployment.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="request">What is told and asked.</param>
    /// <param name="cancellationToken">Ends the wait; the request may be answered all the same, and what was given then runs out unused.</param>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    Task<PermitGrant> LeaseAsync(string deployment, LeaseRequest request, CancellationToken cancellationToken);
}
