using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Activities;

/// <summary>What SplitDocument takes.</summary>
public sealed record SplitRequest
{
    /// <summary>The documents, in order.</summary>
    public required IReadOnlyList<SourceDocument> Documents { get; init; }

    /// <summary>The largest chunk in estimated tokens, 50 to 100,000.</summary>
    public required int ChunkTokens { get; init; }
}

/// <summary>A document: its name, and its text or where that is.</summary>
/// <param name="Id">A name for people.</param>
/// <param name="Content">The text or its address.</param>
public sealed record SourceDocument(string Id, Content Content);

/// <summary>What SplitDocument returns: where the chunks are, and how many.</summary>
public sealed record ChunkSet
{
    /// <summary>The stored set; a chunk is addressed by it and a number.</summary>
    public required ContentRef Set { get; init; }

    /// <summary>How many chunks there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many documents had any text.</summary>
    public required int Documents { get; init; }
}
