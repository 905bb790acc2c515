using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.BatchJob;

/// <summary>
/// Sends requests that can wait to the provider's batch API, at half the price, and waits for the answers with durable timers. The external event <c>cancel</c> ends the batch
/// and takes what there is. Requests that fail make the result incomplete; they do not fail the run.
/// </summary>
/// <remarks>A run that is terminated can't tell the provider: the batch goes on there and costs. Its ID is in the custom status; raise <c>cancel</c> instead, or cancel it at the provider.</remarks>
public sealed class BatchJobOrchestrator : Orchestrator<BatchJobInput, BatchJobResult>
{
    /// <summary>The external event that cancels the batch; what it carries is not looked at.</summary>
    public const string CancelEvent = "cancel";

    private const int InlineCharacters = 8192;
    private static readonly RetryPolicy retry = new() { MaxAttempts = 8, BaseDelay = TimeSpan.FromSeconds(2), MaxDelay = TimeSpan.FromMinutes(2) };

    /// <inheritdoc/>
    public override void Validate(BatchJobInput input, InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        BatchJobValidation.Check(input, errors);
    }

    /// <inheritdoc/>
    public override async ValueTask<BatchJobInput> PrepareAsync(BatchJobInput input, IContentStore content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(content);
        if (input.Items.Sum(item => (long)item.Text.Length + item.Key.Length) <= InlineCharacters) return input;
        return input with { Items = [], ItemsRef = await content.PutAsync(JsonSerializer.SerializeToUtf8Bytes(input.Items, BatchJsonContext.Default.IReadOnlyListBatchItem), cancellationToken) };
    }

    /// <inheritdoc/>
    /// <exception cref="TaskFailedException">The provider refused the batch, or could not be reached for long.</exception>
    public override async Task<BatchJobResult> RunAsync(OrchestrationContext context, BatchJobInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var requests = new BatchItems { Items = input.ItemsRef is null ? input.Items : null, Ref = input.ItemsRef };
        context.SetCustomStatus(new BatchJobProgress("submit", 0, input.Items.Count, BatchId: null, Status: null));
        // The time too: a run that is purged and started again under its ID draws the same identifiers, but is another submission.
        var key = $"{context.InstanceId}:{context.NewGuid():N}:{context.UtcNow.UtcTicks:x}";
        var submitted = await context.CallActivityAsync(ActivityReferences.SubmitBatch, new BatchSubmission { Requests = requests, Model = input.Model, Instructions = input.Instructions, MaxOutputTokens = input.MaxOutputTokens, Temperature = input.Temperature, IdempotencyKey = key }, retry, "submit");
        var (ended, polls) = await new BatchWait(context, input).RunAsync(submitted);
        context.SetCustomStatus(new BatchJobProgress("read", ended.Completed + ended.Failed, input.Items.Count, ended.BatchId, ended.Status));
        var outcomes = await context.CallActivityAsync(ActivityReferences.ReadBatch, new BatchReading(ended with { Counted = submitted.Counted }, requests, input.Model), retry, "read");
        return new BatchJobResult
        {
            Complete = outcomes is { Failed: 0, Expired: 0, Cancelled: 0 },
            Status = ended.Status,
            BatchId = ended.BatchId,
            Items = outcomes.Items,
            ItemsRef = outcomes.Ref,
            Succeeded = outcomes.Succeeded,
            Failed = outcomes.Failed,
            Expired = outcomes.Expired,
            Cancelled = outcomes.Cancelled,
            Polls = polls,
            Cost = outcomes.Cost,
            Notice = outcomes.Notice,
        };
    }
}
