using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Batches;

namespace AgentFunctions.Core.Activities;

/// <summary>Asks how a batch stands.</summary>
/// <param name="provider">Where it is.</param>
public sealed class PollBatchActivity(IBatchProvider provider) : Activity<string, BatchState>
{
    /// <inheritdoc/>
    public override async Task<BatchState> RunAsync(ActivityContext context, string input, CancellationToken cancellationToken) => BatchActivities.StateOf(await provider.GetAsync(input, cancellationToken));
}

/// <summary>Asks for the end of a batch. What is done is kept, and paid.</summary>
/// <param name="provider">Where it is.</param>
public sealed class CancelBatchActivity(IBatchProvider provider) : Activity<string, BatchState>
{
    /// <inheritdoc/>
    public override async Task<BatchState> RunAsync(ActivityContext context, string input, CancellationToken cancellationToken) => BatchActivities.StateOf(await provider.CancelAsync(input, cancellationToken));
}
