using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>What became of the items. The run completes also when items have failed.</summary>
public sealed record PipelineResult
{
    /// <summary>Whether every item came to the end of the last stage.</summary>
    public required bool Complete { get; init; }

    /// <summary>The stage in which a failure stopped everything, where one did.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>An outcome for each item, in the order of the input.</summary>
    public required IReadOnlyList<PipelineItemOutcome> Items { get; init; }

    /// <summary>What each stage did.</summary>
    public required IReadOnlyList<PipelineStageOutcome> Stages { get; init; }

    /// <summary>What all calls cost together, where that is known.</summary>
    public Cost? Cost { get; init; }

    /// <summary>A remark of a model that must not be overlooked, such as that the offline model answered.</summary>
    public string? Notice { get; init; }
}

/// <summary>What became of one item.</summary>
public sealed record PipelineItemOutcome
{
    /// <summary>The item's key.</summary>
    public required string Key { get; init; }

    /// <summary>Succeeded: it came through; Cached: and each stage was answered from the cache. Failed, TimedOut: in <see cref="Stage"/>. Cancelled: it was in <see cref="Stage"/> when everything stopped. Skipped: it waited for <see cref="Stage"/> then.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>Where it ended, unless it came through.</summary>
    public string? Stage { get; init; }

    /// <summary>What the last stage that it came through made of it.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where that is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>How it failed.</summary>
    public FailureDetails? Error { get; init; }
}

/// <summary>What a stage did.</summary>
public sealed record PipelineStageOutcome
{
    /// <summary>The stage's key.</summary>
    public required string Key { get; init; }

    /// <summary>How many items began it.</summary>
    public required int Started { get; init; }

    /// <summary>How many came through it.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many of these were answered from the cache.</summary>
    public int Cached { get; init; }

    /// <summary>How long its items took, added up: over its parallelism, the least time it needs.</summary>
    public required TimeSpan Busy { get; init; }

    /// <summary>What its calls cost, where that is known.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>A share of a large pipeline.</summary>
/// <param name="Input">Its items and stages; parallelism and buffers are its share of the whole.</param>
/// <param name="First">The place of its first item among all, from 0.</param>
internal sealed record PipelineSliceInput(PipelineInput Input, int First);
