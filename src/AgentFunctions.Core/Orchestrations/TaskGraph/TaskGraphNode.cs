using System.Text.Json;
using System.Text.Json.Serialization;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.Approval;
using AgentFunctions.Core.Policies.Routing;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>A step of a graph. Exactly one of <see cref="Tool"/>, <see cref="Model"/>, <see cref="SubOrchestrator"/>, <see cref="Approval"/>, <see cref="Condition"/> and <see cref="Repeat"/> says what it does.</summary>
public sealed record TaskGraphNode
{
    /// <summary>Its name: 1 to 100 letters, digits, <c>_</c> and <c>-</c>; unique.</summary>
    public required string Key { get; init; }

    /// <summary>Calls a tool. Its output is the tool's answer.</summary>
    public GraphTool? Tool { get; init; }

    /// <summary>Asks a model. Its output is the answer's text.</summary>
    public GraphModel? Model { get; init; }

    /// <summary>Runs another orchestrator. Its output is that one's result.</summary>
    public GraphSubOrchestrator? SubOrchestrator { get; init; }

    /// <summary>Waits for a person's decision; title and details may hold placeholders. Its output is the approval's result. The event is raised at this run; its name is the node's key where the approval does not say otherwise.</summary>
    public ApprovalInput? Approval { get; init; }

    /// <summary>Tells whether something holds. Its output is true or false.</summary>
    public GraphCondition? Condition { get; init; }

    /// <summary>Runs a graph again and again. Its output: <c>iterations</c>, <c>satisfied</c>, and <c>state</c> with what the body's nodes have written.</summary>
    public GraphRepeat? Repeat { get; init; }

    /// <summary>The state's key that its output goes to: letters, digits, <c>_</c> and <c>-</c>. Default: <see cref="Key"/>.</summary>
    public string? Output { get; init; }

    /// <summary>Which edges into it must be taken. Default: <see cref="GraphJoin.All"/>.</summary>
    public GraphJoin Join { get; init; }

    /// <summary>How long it may take, all its attempts included; above 0, up to 7 days. Not for approvals, which have an expiry, nor conditions. Default: 5 minutes for tools and models, else no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often it is tried, 1 to 10; a permanent failure is not tried again. Not for approvals and conditions. Default: 3 for tools and models, else 1.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How the cache may be used. For tools and models only: another orchestrator's input says it itself. In a repeat, what the first iteration got is made anew in the others. Default: as the graph says.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>True when what depends on it runs also when it fails. Default: false.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>True when its failure ends the whole graph: what runs is given up, what waits is skipped. Default: false.</summary>
    public bool Critical { get; init; }

    /// <summary>What it does; the first where several are set, null where none is.</summary>
    [JsonIgnore]
    public GraphNodeKind? Kind =>
        Tool is not null ? GraphNodeKind.Tool
        : Model is not null ? GraphNodeKind.Model
        : SubOrchestrator is not null ? GraphNodeKind.SubOrchestrator
        : Approval is not null ? GraphNodeKind.Approval
        : Condition is not null ? GraphNodeKind.Condition
        : Repeat is not null ? GraphNodeKind.Repeat
        : null;

    internal string OutputKey => Output ?? Key;
}

/// <summary>What a node does.</summary>
public enum GraphNodeKind
{
    /// <summary>Calls a tool.</summary>
    Tool,

    /// <summary>Asks a model.</summary>
    Model,

    /// <summary>Runs another orchestrator.</summary>
    SubOrchestrator,

    /// <summary>Waits for a person.</summary>
    Approval,

    /// <summary>Tells whether something holds.</summary>
    Condition,

    /// <summary>Runs a graph again and again.</summary>
    Repeat,
}

/// <summary>Which edges into a node must be taken. An edge whose condition does not hold, or whose first node was skipped for that reason, counts for neither.</summary>
public enum GraphJoin
{
    /// <summary>It runs when every edge into it is decided, at least one was taken, and no node before it failed. The default.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>It runs as soon as one edge into it is taken.</summary>
    [JsonStringEnumMemberName("any")]
    Any,
}

/// <summary>A call of a tool.</summary>
public sealed record GraphTool
{
    /// <summary>The tool's registered name.</summary>
    public required string Name { get; init; }

    /// <summary>Its arguments: a JSON object with placeholders, <c>{"$value":"path"}</c> for a value, <c>{{path}}</c> in strings. Default: none.</summary>
    public JsonElement? Arguments { get; init; }
}

/// <summary>A question to a model.</summary>
public sealed record GraphModel
{
    /// <summary>A tier (<c>fast</c>, <c>balanced</c>, <c>capable</c>), <c>auto</c> for the tier that the task needs, or a configured model's name. Default: <c>balanced</c>.</summary>
    public string Name { get; init; } = ModelTiers.Balanced;

    /// <summary>What to do, up to 20,000 characters. No placeholders: what never changes comes first, so that providers can reuse it. Default: <c>Answer the request.</c></summary>
    public string Instructions { get; init; } = "Answer the request.";

    /// <summary>The request, 1 to 100,000 characters, with placeholders: <c>{{path}}</c>. A value that is in the content store goes to the model from there, as a part of its own.</summary>
    public required string Prompt { get; init; }

    /// <summary>The kind of task. Default: Answer.</summary>
    public ModelPurpose Purpose { get; init; }

    /// <summary>The longest answer in tokens, 1 to 100,000. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2. Default: the provider's.</summary>
    public float? Temperature { get; init; }

    /// <summary>What the answer must be. One that is not goes on to the next higher tier, unless <see cref="Name"/> is a model's. Default: any answer will do.</summary>
    public AnswerCheck? Accept { get; init; }
}

/// <summary>A run of another orchestrator.</summary>
public sealed record GraphSubOrchestrator
{
    /// <summary>Its name: one that clients may start too.</summary>
    public required string Name { get; init; }

    /// <summary>Its input, with placeholders. One without placeholders is checked when the run is started; else when the node starts.</summary>
    public required JsonElement Input { get; init; }
}

/// <summary>A graph that is run again and again, each time as a run of its own.</summary>
public sealed record GraphRepeat
{
    /// <summary>The graph. It begins with the state that the repeat node sees, its own initial state over it, what the iterations before have written, and <c>iteration</c>, from 1.</summary>
    public required TaskGraphInput Body { get; init; }

    /// <summary>When to stop, told from the body's state after each iteration.</summary>
    public required GraphCondition Until { get; init; }

    /// <summary>How often at most, 1 to 100. Then the node succeeds with <c>satisfied</c> false. Default: 10.</summary>
    public int MaxIterations { get; init; } = 10;
}
