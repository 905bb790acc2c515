using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Durable;

/// <summary>Makes cancellations known to the workers that run the calls. Saying it twice says it once.</summary>
internal sealed class CancelCallsActivity(ICancellationBoard board) : Activity<CallCancellation, bool>
{
    public override async Task<bool> RunAsync(ActivityContext context, CallCancellation input, CancellationToken cancellationToken)
    {
        await board.PostAsync(input, cancellationToken);
        return true;
    }
}
