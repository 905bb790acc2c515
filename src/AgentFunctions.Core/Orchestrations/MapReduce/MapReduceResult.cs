using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>What came of the task, and out of how much of the documents.</summary>
public sealed record MapReduceResult
{
    /// <summary>The final text.</summary>
    public required string Result { get; init; }

    /// <summary>How many documents had any text.</summary>
    public required int Documents { get; init; }

    /// <summary>How many chunks they were split into.</summary>
    public required int Chunks { get; init; }

    /// <summary>How many chunks were mapped.</summary>
    public required int Mapped { get; init; }

    /// <summary>How many levels of reduction it took, the root included. Zero for a single chunk.</summary>
    public required int Levels { get; init; }

    /// <summary>Whether every chunk is in the result.</summary>
    public required bool Complete { get; init; }

    /// <summary>The chunks that are not in the result, in order.</summary>
    public required IReadOnlyList<MissingChunk> Missing { get; init; }

    /// <summary>What all model calls that answered cost together.</summary>
    public required Cost Cost { get; init; }

    /// <summary>How many of the model's answers came from the cache.</summary>
    public int Cached { get; init; }

    /// <summary>Where the result itself came from; none where it was written anew.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>A remark of the models that must not be overlooked, such as that the offline model answered.</summary>
    public string? Notice { get; init; }
}

/// <summary>A chunk that is not in the result.</summary>
public sealed record MissingChunk
{
    /// <summary>Which chunk, from 0.</summary>
    public required int Chunk { get; init; }

    /// <summary>The document it is of, where there is only one.</summary>
    public string? Document { get; init; }

    /// <summary>Why it is missing.</summary>
    public required string Reason { get; init; }
}
