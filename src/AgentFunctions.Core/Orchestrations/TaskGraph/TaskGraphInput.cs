using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Caching;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>Steps, and which needs which. All that are ready run at once.</summary>
public sealed record TaskGraphInput
{
    /// <summary>The steps: 1 to 1,000, those of the bodies of repeats included.</summary>
    public required IReadOnlyList<TaskGraphNode> Nodes { get; init; }

    /// <summary>What must end before what, up to 20,000. No cycles: only a repeat node loops. Default: none, all nodes start at once.</summary>
    public IReadOnlyList<TaskGraphEdge> Edges { get; init; } = [];

    /// <summary>The nodes it begins with: those without an edge into them, all of them named. A node that can't be reached from them is refused. Default: every node without an edge into it.</summary>
    public IReadOnlyList<string>? Start { get; init; }

    /// <summary>The state it begins with: a JSON object. Values over 32 KB (texts from 2 KB) move to the content store before the run starts. Default: empty.</summary>
    public JsonElement? State { get; init; }

    /// <summary>How outputs come into the state, by key. A key that several nodes write must be here. Default: replace.</summary>
    public IReadOnlyDictionary<string, MergeRule> Merge { get; init; } = new Dictionary<string, MergeRule>(StringComparer.Ordinal);

    /// <summary>How many nodes run at once, 1 to 1,000. Conditions and waiting approvals do not count. Default: 20.</summary>
    public int MaxParallel { get; init; } = 20;

    /// <summary>How the cache may be used, for tools and models that do not say it themselves, those of the bodies of repeats included. Default: in every way.</summary>
    public CacheSettings? Cache { get; init; }
}

/// <summary>What must end before what.</summary>
public sealed record TaskGraphEdge
{
    /// <summary>The key of the node that comes first.</summary>
    public required string From { get; init; }

    /// <summary>The key of the node that comes after.</summary>
    public required string To { get; init; }

    /// <summary>When this way is taken, told when the first node has ended. Default: always.</summary>
    public GraphCondition? When { get; init; }
}

/// <summary>How a node's output comes into the state when others write the same key. The order is that of the graph (a node after all that it depends on; independent ones as in the input), never that of who was done first.</summary>
public enum MergeRule
{
    /// <summary>The last in order wins, over the initial value too. The default.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,

    /// <summary>A list of all, in order; an initial list is continued, any other initial value is its first item.</summary>
    [JsonStringEnumMemberName("append")]
    Append,

    /// <summary>The sum of all and of the initial value; each must be a number.</summary>
    [JsonStringEnumMemberName("sum")]
    Sum,

    /// <summary>The first in order wins; an initial value wins over all.</summary>
    [JsonStringEnumMemberName("first")]
    First,
}
