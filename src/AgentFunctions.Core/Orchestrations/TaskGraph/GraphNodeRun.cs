using System.Collections;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>A node while its graph runs.</summary>
internal sealed class GraphNodeRun(int place, TaskGraphNode node, int undecided, int nodes)
{
    public int Place { get; } = place;

    public TaskGraphNode Node { get; } = node;

    /// <summary>How many edges into it are not decided.</summary>
    public int Undecided { get; set; } = undecided;

    /// <summary>How many edges into it were taken.</summary>
    public int Taken { get; set; }

    /// <summary>Why an edge into it is broken: a node before it failed.</summary>
    public string? Broken { get; set; }

    /// <summary>The nodes whose outputs it sees: those before it, and what they saw.</summary>
    public BitArray Seen { get; } = new(nodes);

    /// <summary>Whether it is ready, runs or has ended.</summary>
    public bool IsDecided { get; set; }

    /// <summary>Its attempts, while it runs.</summary>
    public BranchRun<NodeOutput>? Branch { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public int Attempts { get; set; }

    public Branch<NodeOutput>? Outcome { get; set; }

    public string? SkippedBecause { get; set; }

    /// <summary>Why what depends on it can't run, or null where it can or where no way led here.</summary>
    public string? BreaksBecause { get; set; }

    public char Letter => Outcome?.Status switch
    {
        null => StartedAt is null ? 'w' : 'r',
        BranchStatus.Succeeded or BranchStatus.Cached => 's',
        BranchStatus.Failed => 'f',
        BranchStatus.TimedOut => 't',
        BranchStatus.Cancelled => 'c',
        _ => 'k',
    };

    public bool HasFailed => Outcome?.Status is BranchStatus.Failed or BranchStatus.TimedOut;

    public TaskGraphNodeResult Result(DateTimeOffset start)
    {
        var outcome = Outcome ?? throw new InvalidOperationException($"Node '{Node.Key}' has no outcome though the graph has ended. This is a defect in TaskGraph; report it.");
        return new()
        {
            Key = Node.Key,
            Kind = Node.Kind!.Value,
            Status = outcome.Status,
            Value = outcome.Value?.Value is { ValueKind: not JsonValueKind.Null } value ? value : null,
            Error = outcome.Error,
            SkippedBecause = SkippedBecause,
            Started = StartedAt - start,
            Elapsed = outcome.Elapsed,
            Cost = outcome.Cost,
            Cache = outcome.Value?.Cache,
            Attempts = Attempts,
        };
    }
}
