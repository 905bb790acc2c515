using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Core.Activities;

/// <summary>Adds the activities of batches.</summary>
public static class BatchActivities
{
    /// <summary>Adds <c>SubmitBatch</c>, <c>PollBatch</c>, <c>ReadBatch</c> and <c>CancelBatch</c> with their JSON shapes. They need <see cref="ModelServices.AddModels"/> and an <see cref="IContentStore"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    public static CatalogBuilder AddBatchActivities(this CatalogBuilder catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .AddJson(BatchJsonContext.Default)
            .AddActivity(ActivityReferences.SubmitBatch, host => new SubmitBatchActivity(host.GetRequiredService<IBatchProvider>(), host.GetRequiredService<IModelCatalog>(), host.GetRequiredService<IContentStore>(), host.GetService<BudgetLedger>()))
            .AddActivity(ActivityReferences.PollBatch, host => new PollBatchActivity(host.GetRequiredService<IBatchProvider>()))
            .AddActivity(ActivityReferences.ReadBatch, host => new ReadBatchActivity(host.GetRequiredService<IBatchProvider>(), host.GetRequiredService<IModelCatalog>(), host.GetRequiredService<IContentStore>(), host.GetService<BudgetLedger>()))
            .AddActivity(ActivityReferences.CancelBatch, host => new CancelBatchActivity(host.GetRequiredService<IBatchProvider>()));
    }

    internal static BatchState StateOf(ProviderBatch batch) => new()
    {
        BatchId = batch.Id,
        Status = batch.Status,
        Completed = batch.RequestCounts?.Completed ?? 0,
        Failed = batch.RequestCounts?.Failed ?? 0,
        OutputFileId = batch.OutputFileId,
        ErrorFileId = batch.ErrorFileId,
        Error = batch.Errors?.Data is { Count: > 0 } errors ? string.Join(" ", errors.Take(5).Select(error => error.Line is { } line ? $"Line {line}: {error.Message}" : error.Message)) : null,
    };

    internal static async Task<IReadOnlyList<BatchItem>> ItemsOfAsync(BatchItems requests, IContentStore store, CancellationToken cancellationToken)
    {
        if (requests.Items is { } items) return items;
        var stored = await store.GetAsync(requests.Ref ?? throw new PermanentFailureException("The requests have neither 'items' nor 'ref'. Set one of them."), cancellationToken);
        return JsonSerializer.Deserialize(stored.Span, BatchJsonContext.Default.IReadOnlyListBatchItem) ?? [];
    }
}
