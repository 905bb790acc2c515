using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Chunking;

namespace AgentFunctions.Core.Activities;

/// <summary>Cuts documents into chunks with <see cref="TextChunker"/> and stores where they are. Equal requests store equal sets, so running it twice changes nothing.</summary>
/// <param name="store">Where the documents are, and where the set goes. A document given as text is stored first.</param>
public sealed class SplitDocumentActivity(IContentStore store) : Activity<SplitRequest, ChunkSet>
{
    /// <summary>The least size of a chunk, in tokens: 50.</summary>
    public const int LeastTokens = 50;

    /// <summary>The greatest size of a chunk, in tokens: 100,000.</summary>
    public const int MostTokens = 100_000;

    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Cuts the documents.</summary>
    /// <param name="context">Not looked at.</param>
    /// <param name="input">The documents and the size of chunks.</param>
    /// <param name="cancellationToken">Stops it between chunks.</param>
    /// <exception cref="PermanentFailureException">The size is out of range, or a document is no UTF-8.</exception>
    /// <exception cref="ContentNotFoundException">A document is not in the store.</exception>
    public override async Task<ChunkSet> RunAsync(ActivityContext context, SplitRequest input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ChunkTokens is < LeastTokens or > MostTokens)
            throw new PermanentFailureException(string.Create(CultureInfo.InvariantCulture, $"'chunkTokens' is {input.ChunkTokens}. It must be from {LeastTokens} to {MostTokens}."));

        var documents = new List<ChunkedDocument>(input.Documents.Count);
        var chunks = new List<int>();
        var withText = 0;
        foreach (var document in input.Documents)
        {
            var (content, bytes) = await StoredAsync(document, cancellationToken);
            var before = chunks.Count;
            AddChunks(document.Id, documents.Count, bytes, input.ChunkTokens, chunks, cancellationToken);
            documents.Add(new ChunkedDocument(document.Id, content));
            if (chunks.Count > before) withText++;
        }

        var table = new ChunkTable { Documents = documents, Chunks = [.. chunks] };
        var set = await store.PutAsync(JsonSerializer.SerializeToUtf8Bytes(table, ActivitiesJsonContext.Default.ChunkTable), cancellationToken);
        return new ChunkSet { Set = set, Count = table.Count, Documents = withText };
    }

    private async Task<(ContentRef Content, ReadOnlyMemory<byte> Bytes)> StoredAsync(SourceDocument document, CancellationToken cancellationToken)
    {
        if (document.Content.Text is { } text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return (await store.PutAsync(bytes, cancellationToken), bytes);
        }

        var content = document.Content.Ref ?? throw new PermanentFailureException($"The document '{document.Id}' has neither 'text' nor 'ref'. Set one of them.");
        return (content, await store.GetAsync(content, cancellationToken));
    }

    private static void AddChunks(string id, int number, ReadOnlyMemory<byte> bytes, int tokens, List<int> chunks, CancellationToken cancellationToken)
    {
        var mark = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var text = Decode(id, bytes.Span[mark..]);
        var (characters, position) = (0, mark);
        foreach (var span in TextChunker.Split(text, tokens))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = position + Encoding.UTF8.GetByteCount(text.AsSpan(characters, span.Start - characters));
            var length = Encoding.UTF8.GetByteCount(text.AsSpan(span.Start, span.Length));
            chunks.AddRange([number, start, length]);
            (characters, position) = (span.End, start + length);
        }
    }

    // Replacing what is invalid, as lenient decoding does, would move every byte after it, and chunks are found by their bytes.
    private static string Decode(string id, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new PermanentFailureException(string.Create(CultureInfo.InvariantCulture, $"The document '{id}' is no UTF-8 text: the byte at {error.Index} does not fit. Convert it to UTF-8."), error);
        }
    }
}
