using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Offline;
using AgentFunctions.Core.Policies;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Batches;

/// <summary>Batches without a provider: the offline model answers when the answers are read. It keeps nothing but the file of requests, so equal batches are one.</summary>
/// <param name="store">Where the files of requests are.</param>
public sealed class OfflineBatchProvider(IContentStore store) : IBatchProvider
{
    private const string Prefix = "offline-";

    /// <inheritdoc/>
    public decimal PriceFactor => 0;

    /// <inheritdoc/>
    public Task<ProviderBatch?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<ProviderBatch?>(null);

    /// <inheritdoc/>
    public async Task<string> UploadAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var stored = await store.PutAsync(lines, cancellationToken);
        return $"{Prefix}{stored.Length}-{stored.Sha256}";
    }

    /// <inheritdoc/>
    public Task<ProviderBatch> CreateAsync(string fileId, string key, CancellationToken cancellationToken) => GetAsync(fileId, cancellationToken);

    /// <inheritdoc/>
    public Task<ProviderBatch> GetAsync(string batchId, CancellationToken cancellationToken) => Task.FromResult(new ProviderBatch { Id = batchId, Status = "completed", OutputFileId = batchId });

    /// <inheritdoc/>
    public Task<ProviderBatch> CancelAsync(string batchId, CancellationToken cancellationToken) => GetAsync(batchId, cancellationToken);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> DownloadAsync(string fileId, CancellationToken cancellationToken)
    {
        if (fileId?.Split('-') is not ["offline", var length, var sha] || !long.TryParse(length, out var bytes)) throw new PermanentFailureException($"'{fileId}' is no file of the offline model. A batch that was sent to a provider can't be read without its endpoint: set it again.");
        var requests = await store.GetAsync(new ContentRef(sha, bytes), cancellationToken);
        using var model = new OfflineChatClient();
        var answers = new List<byte>();
        foreach (var line in BatchLines.Read(requests, BatchWireJsonContext.Default.BatchLine))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = await AnswerAsync(model, line, cancellationToken);
            answers.AddRange(JsonSerializer.SerializeToUtf8Bytes(answer, BatchWireJsonContext.Default.BatchAnswerLine));
            answers.Add((byte)'\n');
        }

        return answers.ToArray();
    }

    private static async Task<BatchAnswerLine> AnswerAsync(OfflineChatClient model, BatchLine line, CancellationToken cancellationToken)
    {
        var messages = line.Body.Messages.Select(message => new ChatMessage(new ChatRole(message.Role), message.Content)).ToList();
        var reply = await model.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = line.Body.MaxCompletionTokens }, cancellationToken);
        var usage = new BatchUsage(messages.Sum(message => (long)TokenEstimate.Count(message.Text)), TokenEstimate.Count(reply.Text));
        var answer = new BatchAnswer(OfflineChatClient.ModelName, [new BatchChoice(new BatchMessage("assistant", reply.Text), reply.FinishReason?.Value)], usage);
        return new BatchAnswerLine(line.CustomId, new BatchResponse(200, JsonSerializer.SerializeToElement(answer, BatchWireJsonContext.Default.BatchAnswer)), Error: null);
    }
}
