using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>Where calls get leave to start.</summary>
public interface IPermitSource
{
    /// <summary>Waits for leave to start a call.</summary>
    /// <param name="ask">The call.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    /// <exception cref="ThrottledException">It would not be the call's turn in the time that it may wait: at once where that can be foreseen. It says when to come back.</exception>
    Task<Permit> AcquireAsync(PermitAsk ask, CancellationToken cancellationToken);
}
