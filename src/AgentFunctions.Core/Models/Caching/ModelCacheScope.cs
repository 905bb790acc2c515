using AgentFunctions.Core.Caching;

namespace AgentFunctions.Core.Models.Caching;

/// <summary>What the caller of a model tells the cache: in the additional properties of the options, under <see cref="ModelProperties.CacheScope"/>. A call without one is not cached.</summary>
public sealed record ModelCacheScope
{
    /// <summary>Who asks.</summary>
    public required string Tenant { get; init; }

    /// <summary>What is asked for. Embeddings are <see cref="CacheKind.Embedding"/>, whatever is set. Default: <see cref="CacheKind.Response"/>.</summary>
    public CacheKind Kind { get; init; }

    /// <summary>How the cache may be used. Default: in every way.</summary>
    public CacheSettings Settings { get; init; } = new();

    /// <summary>Which of several wanted samples this is: each has an answer of its own. With it a call with a temperature above 0 is cached too. Default: none.</summary>
    public int? Sample { get; init; }

    /// <summary>The question, where it is all that the last message says and an answer to one with the same meaning may do. Default: none.</summary>
    public string? Question { get; init; }

    /// <summary>The kind of a call of this purpose: an answer is a response, all else a step on the way to one.</summary>
    /// <param name="purpose">The purpose.</param>
    public static CacheKind KindOf(ModelPurpose purpose) => purpose == ModelPurpose.Answer ? CacheKind.Response : CacheKind.Reasoning;
}
