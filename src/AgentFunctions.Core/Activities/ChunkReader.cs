using System.Globalization;
using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Activities;

/// <summary>Reads chunks of stored sets. It keeps the tables and documents read last, so that ten thousand chunks of a set don't read it ten thousand times. Thread-safe; one for a host.</summary>
public sealed class ChunkReader : IChunkReader
{
    /// <summary>How many bytes are kept unless told otherwise: 64 MiB.</summary>
    public const long DefaultCacheBytes = 1 << 26;

    private readonly ContentCache<ChunkTable> tables;
    private readonly ContentCache<ReadOnlyMemory<byte>> documents;

    /// <summary>Makes a reader.</summary>
    /// <param name="store">Where sets and documents are.</param>
    /// <param name="cacheBytes">How many bytes it keeps, at least 0: a quarter for tables, the rest for documents. Default: 67,108,864. What was read last is kept even if it is larger.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cacheBytes"/> is negative.</exception>
    public ChunkReader(IContentStore store, long cacheBytes = DefaultCacheBytes)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        tables = new(cacheBytes / 4, async set => ChunkTable.Parse(set, await store.GetAsync(set, CancellationToken.None)));
        documents = new(cacheBytes - (cacheBytes / 4), document => store.GetAsync(document, CancellationToken.None));
    }

    /// <summary>The text of a chunk.</summary>
    /// <param name="chunk">Its address.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="PermanentFailureException">The address is of no chunk set, or the set has no such chunk.</exception>
    /// <exception cref="ContentNotFoundException">The set or the document is not in the store.</exception>
    public async ValueTask<string> ReadAsync(ChunkAddress chunk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var table = await tables.GetAsync(chunk.Set, cancellationToken);
        if (chunk.Index < 0 || chunk.Index >= table.Count)
            throw new PermanentFailureException(string.Create(CultureInfo.InvariantCulture, $"The chunk set {chunk.Set.Sha256} has no chunk {chunk.Index}. It has {table.Count}, numbered from 0."));

        var (document, start, length) = table.Chunk(chunk.Index);
        var bytes = await documents.GetAsync(document, cancellationToken);
        return Encoding.UTF8.GetString(bytes.Span.Slice(start, length));
    }
}
