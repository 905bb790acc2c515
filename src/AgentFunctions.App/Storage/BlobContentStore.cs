using AgentFunctions.Core.Durable;

namespace AgentFunctions.App.Storage;

/// <summary>Large values in Blob Storage, named by their SHA-256 and checked against it when they are read.</summary>
internal sealed class BlobContentStore(IBlobPort blobs) : IContentStore
{
    public async Task<ContentRef> PutAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var content = ContentRef.Of(value.Span);
        await blobs.PutIfAbsentAsync(NameOf(content), value, cancellationToken);
        return content;
    }

    public async Task<ReadOnlyMemory<byte>> GetAsync(ContentRef content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!content.IsValid() || await blobs.GetAsync(NameOf(content), cancellationToken) is not { } value)
        {
            throw new ContentNotFoundException(content);
        }

        var stored = ContentRef.Of(value.Span);
        return stored.Sha256 != content.Sha256 ? throw new InvalidDataException($"The blob '{NameOf(content)}' holds {value.Length} bytes with SHA-256 {stored.Sha256}: it is damaged, or another program wrote it. Delete it and store the value again.")
            : stored != content ? throw new ContentNotFoundException(content)
            : value;
    }

    public Task<bool> ExistsAsync(ContentRef content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.IsValid() ? blobs.ExistsAsync(NameOf(content), cancellationToken) : Task.FromResult(false);
    }

    /// <summary>The first two digits spread the names, which Blob Storage partitions by.</summary>
    internal static string NameOf(ContentRef content) => $"{content.Sha256[..2]}/{content.Sha256}";
}
