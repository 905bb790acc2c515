using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>A stored chunk set: the documents, and where each chunk begins and ends in them. It has no text of its own.</summary>
internal sealed record ChunkTable
{
    /// <summary>How many numbers a chunk has.</summary>
    public const int NumbersPerChunk = 3;

    /// <summary>The documents, in order.</summary>
    public required IReadOnlyList<ChunkedDocument> Documents { get; init; }

    /// <summary>For each chunk its document's number, its first byte and its length in bytes of UTF-8; one list, because a list for each chunk would be twice as long.</summary>
    public required int[] Chunks { get; init; }

    /// <summary>How many chunks there are.</summary>
    public int Count => Chunks.Length / NumbersPerChunk;

    /// <summary>Reads a stored table and checks that it is one.</summary>
    /// <exception cref="PermanentFailureException">It is no chunk table.</exception>
    public static ChunkTable Parse(ContentRef set, ReadOnlyMemory<byte> json)
    {
        try
        {
            var table = JsonSerializer.Deserialize(json.Span, ActivitiesJsonContext.Default.ChunkTable);
            return table is not null && table.IsWhole() ? table : throw NoTable(set, null);
        }
        catch (JsonException error)
        {
            throw NoTable(set, error);
        }
    }

    /// <summary>A chunk's document and place.</summary>
    public (ContentRef Document, int Start, int Length) Chunk(int index) =>
        (Documents[Chunks[NumbersPerChunk * index]].Content, Chunks[(NumbersPerChunk * index) + 1], Chunks[(NumbersPerChunk * index) + 2]);

    private bool IsWhole()
    {
        if (Chunks.Length % NumbersPerChunk != 0) return false;
        for (var index = 0; index < Chunks.Length; index += NumbersPerChunk)
        {
            var (document, start, length) = (Chunks[index], Chunks[index + 1], Chunks[index + 2]);
            if (document < 0 || document >= Documents.Count || start < 0 || length < 0 || start > Documents[document].Content.Length - length) return false;
        }

        return true;
    }

    private static PermanentFailureException NoTable(ContentRef set, JsonException? error) =>
        new($"The value {set.Sha256} is no chunk set. Give the 'set' that SplitDocument returned.", error);
}

/// <summary>A document of a chunk set.</summary>
/// <param name="Id">Its name for people.</param>
/// <param name="Content">Where its text is.</param>
internal sealed record ChunkedDocument(string Id, ContentRef Content);
