using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Sends a batch: uploads the file of requests and creates the batch. Run again with the same key it finds the batch that is there, so a crash in between does not pay
/// twice; what it may leave is an uploaded file that no batch uses. A provider whose list lags behind for longer than the wait for the next attempt would see a second one.
/// </summary>
/// <param name="provider">Where to.</param>
/// <param name="models">The models.</param>
/// <param name="store">Where many or long requests are.</param>
public sealed class SubmitBatchActivity(IBatchProvider provider, IModelCatalog models, IContentStore store) : Activity<BatchSubmission, BatchState>
{
    /// <inheritdoc/>
    public override async Task<BatchState> RunAsync(ActivityContext context, BatchSubmission input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (string.Equals(input.Model, ModelTiers.Auto, StringComparison.OrdinalIgnoreCase)) throw new PermanentFailureException($"The model is '{input.Model}', which is chosen for each call, but a batch goes to one. Name a tier or a model.");
        var model = models.Resolve(input.Model);
        if (await provider.FindAsync(input.IdempotencyKey, cancellationToken) is { } there) return BatchActivities.StateOf(there);
        var items = await BatchActivities.ItemsOfAsync(input.Requests, store, cancellationToken);
        var file = await provider.UploadAsync(Write(input, items, model.Name), cancellationToken);
        return BatchActivities.StateOf(await provider.CreateAsync(file, input.IdempotencyKey, cancellationToken));
    }

    private static byte[] Write(BatchSubmission input, IReadOnlyList<BatchItem> items, string model)
    {
        using var lines = new MemoryStream();
        foreach (var item in items)
        {
            var user = new BatchMessage("user", item.Text);
            var body = new BatchBody(model, string.IsNullOrWhiteSpace(input.Instructions) ? [user] : [new BatchMessage("system", input.Instructions), user], input.MaxOutputTokens, input.Temperature);
            JsonSerializer.Serialize(lines, new BatchLine(item.Key, "POST", "/v1/chat/completions", body), BatchWireJsonContext.Default.BatchLine);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }
}
