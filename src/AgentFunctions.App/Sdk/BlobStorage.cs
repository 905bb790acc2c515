using AgentFunctions.App.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AgentFunctions.App.Sdk;

/// <summary>A container of Azure Storage behind the content store's port; the only file that knows Azure.Storage.Blobs.</summary>
internal sealed class BlobStorage(BlobServiceClient service, string name) : IBlobPort
{
    private readonly BlobContainerClient container = service.GetBlobContainerClient(name);
    private readonly FirstUse create = new();

    /// <summary>The client of an account that knows callers by their identity.</summary>
    public static BlobServiceClient Connect(Uri endpoint, Azure.Core.TokenCredential credential) => new(endpoint, credential);

    /// <summary>The client of a local emulator.</summary>
    public static BlobServiceClient Connect(string connectionString) => new(connectionString);

    public async Task PutIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        try
        {
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(value), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412 && there.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet")
        {
            // Its name is its content's hash, so what is there is the same.
        }
    }

    public async Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        try
        {
            var download = await container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return download.Value.Content.ToMemory();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        return (await container.GetBlobClient(name).ExistsAsync(cancellationToken)).Value;
    }

    private Task EnsureAsync(CancellationToken cancellationToken) => create.RunAsync(token => container.CreateIfNotExistsAsync(cancellationToken: token), cancellationToken);
}
