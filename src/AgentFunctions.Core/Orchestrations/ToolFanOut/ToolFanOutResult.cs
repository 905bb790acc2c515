using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.ToolFanOut;

/// <summary>What the calls gave. The run completes also when calls have failed, so that what the others gave is not lost.</summary>
public sealed record ToolFanOutResult
{
    /// <summary>Whether every call succeeded.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whether the quorum was reached, where one was asked for.</summary>
    public bool? QuorumReached { get; init; }

    /// <summary>The critical calls that failed, or were skipped as broken, and so ended the rest, in the order of the calls. None where there are none.</summary>
    public IReadOnlyList<string>? FailedCritical { get; init; }

    /// <summary>An outcome for each call, in the order of the calls.</summary>
    public required IReadOnlyList<ToolFanOutBranch> Branches { get; init; }

    /// <summary>What the calls cost together, where tools said so.</summary>
    public Cost? Cost { get; init; }
}

/// <summary>The outcome of one call.</summary>
public sealed record ToolFanOutBranch
{
    /// <summary>The call's key.</summary>
    public required string Key { get; init; }

    /// <summary>How it ended.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>What the tool answered.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Where the answer's JSON is, when it is large.</summary>
    public ContentRef? Ref { get; init; }

    /// <summary>How it failed; for a skipped call of a broken tool what is broken, since when, and when it is tried again.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>How long it took, all attempts included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it cost, where the tool said so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where the answer came from; none where the tool was called.</summary>
    public CacheNote? Cache { get; init; }

    internal static ToolFanOutBranch From(Branch<Tools.ToolReply> branch) => new()
    {
        Key = branch.Key,
        Status = branch.Status,
        Value = branch.Value?.Value,
        Ref = branch.Value?.Ref,
        Error = branch.Error,
        Elapsed = branch.Elapsed,
        Cost = branch.Cost,
        Cache = branch.Value?.Cache,
    };
}
