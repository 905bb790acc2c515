using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Batches;
using AgentFunctions.Core.Models.Budgets;
using AgentFunctions.Core.Models.Offline;

namespace AgentFunctions.Core.Activities;

/// <summary>Reads what became of a batch that has ended: an outcome for each request, in input order. What was answered is kept, however the batch ended.</summary>
/// <param name="provider">Where it is.</param>
/// <param name="models">The models, for their prices.</param>
/// <param name="store">Where many or long requests are, and many or long answers go.</param>
/// <param name="budgets">The worker's budgets. Default: none.</param>
public sealed class ReadBatchActivity(IBatchProvider provider, IModelCatalog models, IContentStore store, BudgetLedger? budgets = null) : Activity<BatchReading, BatchOutcomes>
{
    /// <summary>From more bytes of JSON than this the outcomes are stored rather than carried: 32,768.</summary>
    public const int InlineBytes = 32 * 1024;

    /// <inheritdoc/>
    public override async Task<BatchOutcomes> RunAsync(ActivityContext context, BatchReading input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var items = await BatchActivities.ItemsOfAsync(input.Requests, store, cancellationToken);
        var answers = new Dictionary<string, BatchAnswerLine>(StringComparer.Ordinal);
        foreach (var file in (string?[])[input.State.OutputFileId, input.State.ErrorFileId])
        {
            if (file is null) continue;
            foreach (var line in BatchLines.Read(await provider.DownloadAsync(file, cancellationToken), BatchWireJsonContext.Default.BatchAnswerLine))
            {
                if (line.CustomId is { } key) answers.TryAdd(key, line);
            }
        }

        var price = models.Resolve(input.Model).Price;
        var cost = Cost.None;
        var isOffline = false;
        var outcomes = new List<BatchOutcome>(items.Count);
        foreach (var item in items) outcomes.Add(Outcome(item.Key, answers.GetValueOrDefault(item.Key), input.State, answer =>
        {
            isOffline |= answer.Model == OfflineChatClient.ModelName;
            if (answer.Usage is { } usage) cost += new Cost(usage.PromptTokens, usage.CompletionTokens, price.Of(usage.PromptTokens, usage.CompletionTokens) * provider.PriceFactor, Estimated: provider.PriceFactor == 0);
        }));
        var json = JsonSerializer.SerializeToUtf8Bytes(outcomes, BatchJsonContext.Default.IReadOnlyListBatchOutcome);
        var stored = json.Length <= InlineBytes ? null : await store.PutAsync(json, cancellationToken);

        // Last of all: an attempt that fails before has counted nothing.
        new BudgetedBatch(budgets, context).Read(cost, input.State.Counted);
        return new BatchOutcomes
        {
            Items = stored is null ? outcomes : null,
            Ref = stored,
            Succeeded = Count(BatchItemStatus.Succeeded),
            Failed = Count(BatchItemStatus.Failed),
            Expired = Count(BatchItemStatus.Expired),
            Cancelled = Count(BatchItemStatus.Cancelled),
            Cost = cost,
            Notice = isOffline && provider is OfflineBatchProvider ? OfflineChatClient.NoticeText : null,
        };

        int Count(BatchItemStatus status) => outcomes.Count(outcome => outcome.Status == status);
    }

    private static BatchOutcome Outcome(string key, BatchAnswerLine? line, BatchState state, Action<BatchAnswer> paid)
    {
        if (line is null) return Missing(key, state);
        if (line.Error is { } error)
        {
            var status = error.Code switch { "batch_expired" => BatchItemStatus.Expired, "batch_cancelled" => BatchItemStatus.Cancelled, _ => BatchItemStatus.Failed };
            return new BatchOutcome { Key = key, Status = status, Error = $"{error.Code}: {error.Message}" };
        }

        if (line.Response is not { StatusCode: 200, Body: { } body }) return new BatchOutcome { Key = key, Status = BatchItemStatus.Failed, Error = $"The provider refused it ({line.Response?.StatusCode}): {ErrorIn(line.Response?.Body)}" };
        try
        {
            var answer = body.Deserialize(BatchWireJsonContext.Default.BatchAnswer)!;
            paid(answer);
            return answer.Choices is [{ Message.Content: { Length: > 0 } text } choice, ..]
                ? new BatchOutcome { Key = key, Status = BatchItemStatus.Succeeded, Text = text, FinishReason = choice.FinishReason }
                : new BatchOutcome { Key = key, Status = BatchItemStatus.Failed, Error = "The model answered with no text." };
        }
        catch (JsonException unreadable)
        {
            return new BatchOutcome { Key = key, Status = BatchItemStatus.Failed, Error = $"The answer could not be read: {unreadable.Message}" };
        }
    }

    private static BatchOutcome Missing(string key, BatchState state) => state.Status switch
    {
        "expired" => new BatchOutcome { Key = key, Status = BatchItemStatus.Expired, Error = "It was not answered within the provider's window. Send it again." },
        "cancelled" or "cancelling" => new BatchOutcome { Key = key, Status = BatchItemStatus.Cancelled, Error = "The batch was cancelled before it was answered." },
        "failed" => new BatchOutcome { Key = key, Status = BatchItemStatus.Failed, Error = $"The whole batch failed: {state.Error ?? "the provider does not say why."}" },
        _ => new BatchOutcome { Key = key, Status = BatchItemStatus.Failed, Error = "The provider's files have no answer to it. Send it again." },
    };

    private static string ErrorIn(JsonElement? body) =>
        body is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message)
            ? message.ToString()
            : body?.GetRawText() ?? "it does not say why.";
}
