namespace AgentFunctions.Core.Models.Batches;

/// <summary>A batch API in the way of OpenAI's (platform.openai.com/docs/guides/batch): a file of requests in, a file of answers out, within a day, at half the price.</summary>
public interface IBatchProvider
{
    /// <summary>What a token costs here, as a part of what it costs in a call of its own: 0.5 at OpenAI.</summary>
    decimal PriceFactor { get; }

    /// <summary>The batch that was created with this key, or null. Looks at the newest thousand.</summary>
    /// <param name="key">The submission's key.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<ProviderBatch?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Uploads a file of requests, one JSON object a line.</summary>
    /// <param name="lines">The file.</param>
    /// <param name="cancellationToken">Stops the upload.</param>
    /// <returns>The file's ID.</returns>
    Task<string> UploadAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);

    /// <summary>Creates a batch. From here on it costs.</summary>
    /// <param name="fileId">The uploaded file.</param>
    /// <param name="key">The key that <see cref="FindAsync"/> finds it by.</param>
    /// <param name="cancellationToken">Stops the wait, not the batch.</param>
    Task<ProviderBatch> CreateAsync(string fileId, string key, CancellationToken cancellationToken);

    /// <summary>How a batch stands.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ProviderBatch> GetAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Asks for the end of a batch; what is done is kept, and paid. A batch that has ended stays as it is.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ProviderBatch> CancelAsync(string batchId, CancellationToken cancellationToken);

    /// <summary>Reads a file of answers or errors.</summary>
    /// <param name="fileId">The file.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ReadOnlyMemory<byte>> DownloadAsync(string fileId, CancellationToken cancellationToken);
}
