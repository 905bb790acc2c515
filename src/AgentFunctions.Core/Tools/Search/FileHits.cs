namespace AgentFunctions.Core.Tools.Search;

/// <summary>What <c>search-files</c> answers.</summary>
public sealed record FileHits
{
    /// <summary>How many files were searched.</summary>
    public required int Files { get; init; }

    /// <summary>How many files were not searched, because they are too large or no text.</summary>
    public required int Skipped { get; init; }

    /// <summary>The best passages, best first.</summary>
    public required IReadOnlyList<FileHit> Hits { get; init; }
}

/// <summary>A passage that fits a query.</summary>
public sealed record FileHit
{
    /// <summary>The file, relative to the folder, with <c>/</c> between names.</summary>
    public required string File { get; init; }

    /// <summary>The line of the first word that fits, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>How well it fits (BM25); only the order means anything.</summary>
    public required double Score { get; init; }

    /// <summary>The text around the first word that fits, on one line.</summary>
    public required string Snippet { get; init; }
}
