using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>What to do with which documents.</summary>
public sealed record MapReduceInput
{
    /// <summary>What to do, in words: 1 to 8,000 characters. Every model call carries it.</summary>
    public required string Task { get; init; }

    /// <summary>The documents, at least one, in the order in which they are read.</summary>
    public required IReadOnlyList<MapReduceDocument> Documents { get; init; }

    /// <summary>The largest chunk in estimated tokens, 50 to 100,000. Default: 2,000.</summary>
    public int ChunkTokens { get; init; } = 2000;

    /// <summary>How many partial results one reduction combines, 2 to 100. Default: 10.</summary>
    public int GroupSize { get; init; } = 10;

    /// <summary>How many model calls run at once, 1 to 10,000. Default: 50.</summary>
    public int MaxParallel { get; init; } = 50;

    /// <summary>Which models to use. Default: cheap at the leaves, able at the root.</summary>
    public MapReduceModels Models { get; init; } = new();

    /// <summary>How the cache may be used, for every model call. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>A document: its text, or where that is stored. Exactly one of <see cref="Text"/> and <see cref="Ref"/> is set.</summary>
public sealed record MapReduceDocument
{
    /// <summary>A name for people, 1 to 500 characters, unique.</summary>
    public required string Id { get; init; }

    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>The address of the text (UTF-8) in the content store.</summary>
    public ContentRef? Ref { get; init; }
}

/// <summary>The models of each step: tiers, or names of configured models.</summary>
public sealed record MapReduceModels
{
    /// <summary>For every chunk. Default: <c>fast</c>.</summary>
    public string Map { get; init; } = ModelTiers.Fast;

    /// <summary>For the groups between the chunks and the root. Default: <c>balanced</c>.</summary>
    public string Reduce { get; init; } = ModelTiers.Balanced;

    /// <summary>For the final result. Default: <c>capable</c>.</summary>
    public string Root { get; init; } = ModelTiers.Capable;
}
