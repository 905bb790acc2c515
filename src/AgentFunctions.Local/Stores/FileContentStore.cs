using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Stores;

/// <summary>
/// Keeps each value in a file named by its SHA-256, in 256 folders by its first two digits. A value is written to a temporary file, synced and renamed, so that
/// a file is whole or not there, and its address is given out only once it would survive a power cut. One process a folder; thread-safe within it.
/// </summary>
internal sealed class FileContentStore : IContentStore
{
    private readonly string folder;
    private readonly string temporary;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> writing = new(StringComparer.Ordinal);
    private long files;

    private FileContentStore(string folder)
    {
        this.folder = folder;
        temporary = Path.Combine(folder, "tmp");
    }

    /// <summary>Opens the store, makes its folder where there is none, and deletes what a crash left half written.</summary>
    /// <exception cref="IOException">The folder can't be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static FileContentStore Open(string folder)
    {
        var store = new FileContentStore(Path.GetFullPath(folder));
        Directory.CreateDirectory(store.temporary);
        foreach (var leftover in Directory.EnumerateFiles(store.temporary)) File.Delete(leftover);
        FolderSync.Once(store.folder);
        return store;
    }

    public async Task<ContentRef> PutAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = ContentRef.Of(value.Span);
        var write = JoinWrite(content, value);
        try
        {
            await write;
        }
        finally
        {
            lock (gate)
            {
                if (writing.TryGetValue(content.Sha256, out var now) && now == write) writing.Remove(content.Sha256);
            }
        }

        return content;
    }

    public async Task<ReadOnlyMemory<byte>> GetAsync(ContentRef content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        // An address may come from a client: unchecked, it could name any file.
        if (!content.IsValid()) throw new ContentNotFoundException(content);
        var path = PathOf(content);
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ContentNotFoundException(content);
        }

        if (ContentRef.Of(bytes).Sha256 != content.Sha256)
            throw new InvalidDataException($"The stored value '{path}' is damaged: its {bytes.Length} bytes do not have the SHA-256 in its name. Restore the file from a backup, or delete it and store the value again.");
        return bytes.Length == content.Length ? bytes : throw new ContentNotFoundException(content);
    }

    public Task<bool> ExistsAsync(ContentRef content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(content.IsValid() && Holds(PathOf(content), content.Length));
    }

    // One write for all who store the value now. It is not cancelled with one of them, and none is told the address before the value is safe.
    private Task JoinWrite(ContentRef content, ReadOnlyMemory<byte> value)
    {
        lock (gate)
        {
            if (!writing.TryGetValue(content.Sha256, out var write)) writing.Add(content.Sha256, write = Task.Run(() => Write(content, value)));
            return write;
        }
    }

    private void Write(ContentRef content, ReadOnlyMemory<byte> value)
    {
        var path = PathOf(content);
        if (Holds(path, content.Length)) return;
        var draft = Path.Combine(temporary, $"{content.Sha256}.{Interlocked.Increment(ref files)}");
        try
        {
            using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(value.Span);
                file.Flush(flushToDisk: true);
            }

            MakeShard(Path.GetDirectoryName(path)!);
            File.Move(draft, path, overwrite: true);
            FolderSync.Once(Path.GetDirectoryName(path)!);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private void MakeShard(string shard)
    {
        if (Directory.Exists(shard)) return;
        Directory.CreateDirectory(shard);
        FolderSync.Once(folder);
    }

    // A file of another length is no value: it is written anew. Damage that keeps the length is found on reading.
    private static bool Holds(string path, long length) => new FileInfo(path) is { Exists: true } file && file.Length == length;

    private string PathOf(ContentRef content) => Path.Combine(folder, content.Sha256[..2], content.Sha256[2..]);
}
