using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Orchestrations.MapReduce;

/// <summary>What every step of a MapReduce needs to know.</summary>
internal sealed record MapReducePlan
{
    /// <summary>How many chunks one run maps; above it, sub-orchestrations do.</summary>
    public const int SliceChunks = 200;

    /// <summary>What to do.</summary>
    public required string Task { get; init; }

    /// <summary>Where the chunks are.</summary>
    public required ContentRef Set { get; init; }

    /// <summary>Which models to use.</summary>
    public required MapReduceModels Models { get; init; }

    /// <summary>How many partial results one reduction combines.</summary>
    public required int GroupSize { get; init; }

    /// <summary>How many model calls run at once.</summary>
    public required int MaxParallel { get; init; }

    /// <summary>How the cache may be used.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>When a model call is tried again: patiently, as limits of providers are counted by the minute.</summary>
    public static RetryPolicy Retry { get; } = new() { MaxAttempts = 6, BaseDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(60) };
}

/// <summary>What a share of the chunks is mapped by: the plan and which chunks.</summary>
internal sealed record MapReduceSliceInput(MapReducePlan Plan, int First, int Count);

/// <summary>What a share of the chunks came to.</summary>
internal sealed record MapReduceSliceResult
{
    /// <summary>The one partial result, or null where every chunk is missing.</summary>
    public Content? Text { get; init; }

    /// <summary>How many chunks were mapped.</summary>
    public required int Mapped { get; init; }

    /// <summary>How many levels of reduction it took.</summary>
    public required int Levels { get; init; }

    /// <summary>The chunks that are missing.</summary>
    public required IReadOnlyList<MissingChunk> Missing { get; init; }

    /// <summary>What the model calls cost.</summary>
    public required Cost Cost { get; init; }

    /// <summary>How many answers came from the cache.</summary>
    public int Cached { get; init; }

    /// <summary>What the models remarked.</summary>
    public string? Notice { get; init; }
}
