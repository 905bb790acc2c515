using AgentFunctions.Core.Orchestrations.TaskGraph;

namespace AgentFunctions.Core.Telemetry.Diagrams;

/// <summary>A condition as people write it: <c>score ≥ 3 and not (done exists)</c>. Pure.</summary>
internal static class ConditionText
{
    /// <summary>The text of a condition.</summary>
    public static string Of(GraphCondition condition) =>
        condition.And is { } all ? string.Join(" and ", all.Select(Part))
        : condition.Or is { } any ? string.Join(" or ", any.Select(Part))
        : condition.Not is { } not ? $"not {Part(not)}"
        : condition.Op == ConditionOperator.Exists ? $"{condition.Path} exists"
        : $"{condition.Path} {Sign(condition.Op)} {condition.Value?.GetRawText() ?? "null"}";

    private static string Part(GraphCondition condition) => condition is { Path: null } ? $"({Of(condition)})" : Of(condition);

    private static string Sign(ConditionOperator? op) => op switch
    {
        ConditionOperator.Eq => "=",
        ConditionOperator.Ne => "≠",
        ConditionOperator.Lt => "<",
        ConditionOperator.Le => "≤",
        ConditionOperator.Gt => ">",
        ConditionOperator.Ge => "≥",
        _ => ConditionRules.Word(op),
    };
}
