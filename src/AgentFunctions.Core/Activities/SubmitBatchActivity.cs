using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Models.Budgets;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Sends a batch: uploads the file of requests and creates the batch. Run again with the same key it finds the batch that is there, so a crash in between does not pay
/// twice; what it may leave is an uploaded file that no batch uses. A provider whose list lags behind for longer than the wait for the next attempt would see a second one.
/// </summary>
/// <param name="provider">Where to.</param>
/// <param name="models">The models.</param>
/// <param name="store">Where many or long requests are.</param>
/// <param name="budgets">The worker's budgets. Default: none.</param>
public sealed class SubmitBatchActivity(IBatchProvider provider, IModelCatalog models, IContentStore store, BudgetLedger? budgets = null) : Activity<BatchSubmission, BatchState>
{
    /// <inheritdoc/>
    /// <exception cref="BudgetExceededException">A budget has no room for the batch. Nothing was sent.</exception>
    public override async Task<BatchState> RunAsync(ActivityContext context, BatchSubmission input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        if (string.Equals(input.Model, ModelTiers.Auto, StringComparison.OrdinalIgnoreCase)) throw new PermanentFailureException($"The model is '{input.Model}', which is chosen for each call, but a batch goes to one. Name a tier or a model.");
        var model = models.Resolve(input.Model);
        if (await provider.FindAsync(input.IdempotencyKey, cancellationToken) is { } there) return BatchActivities.StateOf(there);
        var items = await BatchActivities.ItemsOfAsync(input.Requests, store, cancellationToken);
        var prompt = items.Sum(item => (long)TokenEstimate.Count(item.Text)) + ((long)TokenEstimate.Count(input.Instructions) * items.Count);
        var (sent, counted) = await new BudgetedBatch(budgets, context).SendAsync(prompt, items.Count, input.MaxOutputTokens, (sent, answered) => model.Price.Of(sent, answered) * provider.PriceFactor, SendAsync, cancellationToken);
        return BatchActivities.StateOf(sent) with { Counted = counted };

        async Task<ProviderBatch> SendAsync() => await provider.CreateAsync(await provider.UploadAsync(Write(input, items, model.Name), cancellationToken), input.IdempotencyKey, cancellationToken);
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
