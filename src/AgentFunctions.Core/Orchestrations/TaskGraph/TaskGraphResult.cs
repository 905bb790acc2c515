using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>What came of a graph. The run completes also when nodes have failed, so that what the others gave is not lost.</summary>
public sealed record TaskGraphResult : ICosted
{
    /// <summary>Whether no node failed: each succeeded, or was skipped because no way into it was taken.</summary>
    public required bool Complete { get; init; }

    /// <summary>The nodes that failed or timed out, in the order of the input. None where there are none.</summary>
    public IReadOnlyList<string>? Failed { get; init; }

    /// <summary>The critical node whose failure ended all.</summary>
    public string? EndedBy { get; init; }

    /// <summary>An outcome for each node, in the order of the input.</summary>
    public required IReadOnlyList<TaskGraphNodeResult> Nodes { get; init; }

    /// <summary>The state at the end. A value in the content store is <c>{"$content":{"sha256":…,"length":…}}</c>, with <c>"text":true</c> where it is a text and not JSON.</summary>
    public required JsonElement State { get; init; }

    /// <summary>What the nodes cost together, where they said so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>A remark of a model that must not be overlooked, such as that the offline model answered.</summary>
    public string? Notice { get; init; }
}

/// <summary>What came of one node.</summary>
public sealed record TaskGraphNodeResult
{
    /// <summary>The node's key.</summary>
    public required string Key { get; init; }

    /// <summary>What it does.</summary>
    public required GraphNodeKind Kind { get; init; }

    /// <summary>How it ended. Cancelled: it ran when a critical node failed.</summary>
    public required BranchStatus Status { get; init; }

    /// <summary>Its output.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>How it failed.</summary>
    public FailureDetails? Error { get; init; }

    /// <summary>Why it was skipped.</summary>
    public string? SkippedBecause { get; init; }

    /// <summary>When it started, counted from the run's start. None where it never did.</summary>
    public TimeSpan? Started { get; init; }

    /// <summary>How long it took, all attempts included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What it cost, where it said so.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Where its output came from; none where the work was done.</summary>
    public CacheNote? Cache { get; init; }

    /// <summary>How often it was tried; 0 where it never started.</summary>
    public required int Attempts { get; init; }
}

/// <summary>How far a graph is: its custom status. Bounded, whatever the number of nodes.</summary>
public sealed record TaskGraphStatus
{
    /// <summary><c>nodes</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>How many nodes have ended.</summary>
    public required int Done { get; init; }

    /// <summary>How many there are.</summary>
    public required int Total { get; init; }

    /// <summary>A letter for each node, in the order of the input: <c>w</c> waits, <c>r</c> runs, <c>s</c> succeeded, <c>f</c> failed, <c>t</c> timed out, <c>c</c> cancelled, <c>k</c> skipped.</summary>
    public required string Nodes { get; init; }

    /// <summary>The first ten nodes that run.</summary>
    public required IReadOnlyList<string> Running { get; init; }

    /// <summary>The first ten that failed.</summary>
    public required IReadOnlyList<string> Failed { get; init; }

    /// <summary>The first five approvals that wait for a decision.</summary>
    public required IReadOnlyList<TaskGraphApproval> Approvals { get; init; }
}

/// <summary>An approval that a graph waits for.</summary>
/// <param name="Node">The node's key.</param>
/// <param name="EventName">The event to raise at this run.</param>
/// <param name="Title">What is to be decided; the first 80 characters.</param>
/// <param name="RefusedCount">How many events were refused.</param>
/// <param name="LastRefusal">Why the last one was.</param>
public sealed record TaskGraphApproval(string Node, string EventName, string Title, int RefusedCount, string? LastRefusal);
