using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Makes cancellations known to the workers that run the calls, and terminates sub-orchestrations that nobody waits for. Saying it twice says it once.
/// </summary>
internal sealed class CancelCallsActivity(ICancellationBoard board, IRunClient client, TimeProvider time) : Activity<CallCancellation, bool>
{
    private const int Looks = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    public override async Task<bool> RunAsync(ActivityContext context, CallCancellation input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.CallIds.Count > 0)
        {
            await board.PostAsync(input, cancellationToken);
            return true;
        }

        // A sub-orchestration that was asked for in the same turn may not be there yet: its message and this one travel in different queues.
        for (var look = 1; await client.GetAsync(input.InstanceId, includePayloads: false, cancellationToken) is null && look < Looks; look++)
        {
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }

        await client.TerminateAsync(input.InstanceId, $"The run '{context.InstanceId}' no longer waits for it.", cancellationToken);
        return true;
    }
}
