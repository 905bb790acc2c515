using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.OpenAICompatible;

namespace AgentFunctions.Core.Models.Batches;

/// <summary>
/// The batch API of an OpenAI-compatible endpoint, over the pipeline of the official SDK, which has only untyped methods for it. It makes one attempt for each call.
/// Errors are those of <see cref="OpenAIChatClient"/>.
/// </summary>
public sealed class OpenAIBatchProvider : IBatchProvider
{
    /// <summary>The metadata entry that carries a submission's key.</summary>
    public const string KeyInMetadata = "agentfunctions_key";

    private const int PageSize = 100;
    private const int MostPages = 10;
    private readonly ClientPipeline pipeline;
    private readonly Uri endpoint;
    private readonly ProviderErrors errors;

    /// <summary>Makes the client; nothing is called yet.</summary>
    /// <param name="connection">How to reach the provider.</param>
    public OpenAIBatchProvider(OpenAIConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        pipeline = connection.CreateClient().Pipeline;
        endpoint = new Uri(connection.Endpoint.AbsoluteUri.TrimEnd('/') + "/");
        errors = new ProviderErrors("batches", connection.Timeout, connection.Time, pathsNameTheModel: false);
    }

    /// <inheritdoc/>
    public decimal PriceFactor => 0.5m;

    /// <inheritdoc/>
    public async Task<ProviderBatch?> FindAsync(string key, CancellationToken cancellationToken)
    {
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var listed = await SendAsync("GET", $"batches?limit={PageSize}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", content: null, BatchWireJsonContext.Default.BatchPage, cancellationToken);
            if (listed.Data.FirstOrDefault(batch => batch.Metadata?.TryGetValue(KeyInMetadata, out var other) == true && other == key) is { } found) return found;
            if (!listed.HasMore || listed.Data is not [.., var last]) return null;
            after = last.Id;
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<string> UploadAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("batch"), "purpose");
        var file = new ReadOnlyMemoryContent(lines);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/jsonl");
        form.Add(file, "file", "agentfunctions.jsonl");
        var bytes = await form.ReadAsByteArrayAsync(cancellationToken);
        return (await SendAsync("POST", "files", (bytes, form.Headers.ContentType!.ToString()), BatchWireJsonContext.Default.BatchFile, cancellationToken)).Id;
    }

    /// <inheritdoc/>
    public Task<ProviderBatch> CreateAsync(string fileId, string key, CancellationToken cancellationToken)
    {
        var creation = new BatchCreation(fileId, "/v1/chat/completions", "24h", new Dictionary<string, string>(StringComparer.Ordinal) { [KeyInMetadata] = key });
        return SendAsync("POST", "batches", (JsonSerializer.SerializeToUtf8Bytes(creation, BatchWireJsonContext.Default.BatchCreation), "application/json"), BatchWireJsonContext.Default.ProviderBatch, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ProviderBatch> GetAsync(string batchId, CancellationToken cancellationToken) =>
        SendAsync("GET", $"batches/{Uri.EscapeDataString(batchId)}", content: null, BatchWireJsonContext.Default.ProviderBatch, cancellationToken);

    /// <inheritdoc/>
    public async Task<ProviderBatch> CancelAsync(string batchId, CancellationToken cancellationToken)
    {
        var batch = await GetAsync(batchId, cancellationToken);
        return batch.HasEnded || batch.Status == "cancelling" ? batch : await SendAsync("POST", $"batches/{Uri.EscapeDataString(batchId)}/cancel", content: null, BatchWireJsonContext.Default.ProviderBatch, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> DownloadAsync(string fileId, CancellationToken cancellationToken) =>
        (await SendAsync("GET", $"files/{Uri.EscapeDataString(fileId)}/content", content: null, cancellationToken)).ToMemory();

    private async Task<T> SendAsync<T>(string method, string path, (byte[] Bytes, string Type)? content, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await SendAsync(method, path, content, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(answer.ToMemory().Span, shape) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException error)
        {
            // Permanent as it is, though the fault is the provider's.
            throw new ModelUnavailableException($"The provider's answer to {method} {path} could not be read: {error.Message}", error);
        }
    }

    private async Task<BinaryData> SendAsync(string method, string path, (byte[] Bytes, string Type)? content, CancellationToken cancellationToken)
    {
        try
        {
            using var message = pipeline.CreateMessage();
            message.Request.Method = method;
            message.Request.Uri = new Uri(endpoint, path);
            if (content is { } body)
            {
                message.Request.Content = BinaryContent.Create(BinaryData.FromBytes(body.Bytes));
                message.Request.Headers.Set("Content-Type", body.Type);
            }

            message.Apply(new RequestOptions { CancellationToken = cancellationToken });
            await pipeline.SendAsync(message);
            return message.Response is { IsError: false } response ? response.Content : throw new ClientResultException(message.Response!);
        }
        catch (Exception error) when (!ProviderErrors.IsCancellation(error, cancellationToken))
        {
            throw errors.Translate(error, cancellationToken);
        }
    }
}
