using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Search;

/// <summary>What Embed takes.</summary>
public sealed record EmbedRequest
{
    /// <summary>The embedding model. Default: <c>embedding</c>, the one that the host is configured with.</summary>
    public string Model { get; init; } = EmbeddingCatalog.Default;

    /// <summary>The texts, 1 to 2,048; each at most 100,000 characters.</summary>
    public required IReadOnlyList<Content> Texts { get; init; }

    /// <summary>How many numbers a vector has, 1 to 65,536. Default: the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How the cache may be used, for each text by itself. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What Embed returns.</summary>
public sealed record EmbedReply : ICosted, ICached
{
    /// <summary>Where the vectors are: one after the other in the order of the texts, each number a 32-bit float (IEEE 754), little-endian.</summary>
    public required ContentRef Vectors { get; init; }

    /// <summary>How many vectors there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many numbers each has.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The model, by its own name.</summary>
    public required string Model { get; init; }

    /// <summary>What it cost: what the texts did that had no kept vector.</summary>
    public Cost? Cost { get; init; }

    /// <summary>How many vectors came from the cache. Default: 0.</summary>
    public int Cached { get; init; }

    /// <summary>Where the vectors came from: the oldest one's note, with what all of them saved. Null unless all came from the cache.</summary>
    public CacheNote? Cache { get; init; }
}
