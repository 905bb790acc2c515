using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>
/// A question about the state: a comparison (<see cref="Path"/>, <see cref="Op"/>, <see cref="Value"/>), or one of <see cref="And"/>,
/// <see cref="Or"/> and <see cref="Not"/> over others. Nothing is evaluated but these.
/// </summary>
public sealed record GraphCondition
{
    /// <summary>The path of the value that is looked at: <c>review.decision</c>, <c>hits.0.score</c>.</summary>
    public string? Path { get; init; }

    /// <summary>How it is compared.</summary>
    public ConditionOperator? Op { get; init; }

    /// <summary>What it is compared with: any JSON. Not for Exists.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>True when all of these hold, 1 to 50.</summary>
    public IReadOnlyList<GraphCondition>? And { get; init; }

    /// <summary>True when one of these holds, 1 to 50.</summary>
    public IReadOnlyList<GraphCondition>? Or { get; init; }

    /// <summary>True when this does not hold.</summary>
    public GraphCondition? Not { get; init; }
}

/// <summary>How a value is compared. Where there is no value at the path, all are false but Ne.</summary>
public enum ConditionOperator
{
    /// <summary>Equal as JSON: 1 and 1.0 are, in objects the order does not matter.</summary>
    [JsonStringEnumMemberName("eq")]
    Eq,

    /// <summary>Not equal.</summary>
    [JsonStringEnumMemberName("ne")]
    Ne,

    /// <summary>Less: numbers by value, texts by their characters (ordinal).</summary>
    [JsonStringEnumMemberName("lt")]
    Lt,

    /// <summary>Less or equal.</summary>
    [JsonStringEnumMemberName("le")]
    Le,

    /// <summary>Greater.</summary>
    [JsonStringEnumMemberName("gt")]
    Gt,

    /// <summary>Greater or equal.</summary>
    [JsonStringEnumMemberName("ge")]
    Ge,

    /// <summary>There is a value, null included.</summary>
    [JsonStringEnumMemberName("exists")]
    Exists,

    /// <summary>A text has this text in it, a list this item, an object this name.</summary>
    [JsonStringEnumMemberName("contains")]
    Contains,
}
