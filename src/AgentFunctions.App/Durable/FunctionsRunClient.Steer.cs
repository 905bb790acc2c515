using AgentFunctions.Core.Durable;
using Grpc.Core;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Durable;

/// <summary>What a run's state may no longer allow when the request arrives.</summary>
internal sealed partial class FunctionsRunClient
{
    /// <summary>
    /// Sends what steers a run. The Functions host refuses it when the run has ended or gone since the look at it, or when there is nothing to do: a
    /// running run to resume, a suspended one to suspend. It says FailedPrecondition or NotFound, and for suspend and resume Unknown.
    /// </summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="isDone">Whether a run of that status needs it no longer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RunEndedException">It has ended.</exception>
    /// <exception cref="RunNotFoundException">It is gone.</exception>
    private async Task SteerAsync(string instanceId, Func<Task> send, Func<OrchestrationRuntimeStatus, bool> isDone, CancellationToken cancellationToken)
    {
        try
        {
            await send();
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.Unknown)
        {
            var now = await SteerableAsync(instanceId, cancellationToken);
            if (!isDone(now.RuntimeStatus))
            {
                throw;
            }
        }
    }

    private async Task SendTerminationAsync(string instanceId, string? reason, CancellationToken cancellationToken)
    {
        try
        {
            await SteerAsync(instanceId, () => inner.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason), cancellationToken), _ => false, cancellationToken);
        }
        catch (RunEndedException)
        {
            // It ended by itself meanwhile; its sub-orchestrations may not have.
        }
    }
}
