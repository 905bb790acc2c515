using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.TaskGraph;

/// <summary>What conditions mean, and what is wrong with them. Pure.</summary>
internal static class ConditionRules
{
    private const int Deepest = 20;
    private const int MostParts = 50;

    /// <summary>Whether a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="find">Gives the value at a path, or null where there is none.</param>
    /// <exception cref="PermanentFailureException">A value can't be compared so.</exception>
    public static bool Holds(GraphCondition condition, Func<string, JsonElement?> find)
    {
        if (condition.And is { } all) return all.All(part => Holds(part, find));
        if (condition.Or is { } any) return any.Any(part => Holds(part, find));
        if (condition.Not is { } not) return !Holds(not, find);
        var found = find(condition.Path!);
        if (condition.Op == ConditionOperator.Exists) return found is not null;
        return found is { } value ? Compare(condition, value, condition.Value ?? NullValue) : condition.Op == ConditionOperator.Ne;
    }

    /// <summary>The paths it asks for; those that need not be there have a default.</summary>
    public static IEnumerable<TemplateUse> Uses(GraphCondition condition) =>
        (condition.And ?? condition.Or ?? (condition.Not is { } not ? [not] : null))?.SelectMany(Uses)
        ?? (condition.Path is { } path ? [new TemplateUse(path, condition.Op == ConditionOperator.Exists)] : []);

    /// <summary>Says what is wrong with a condition.</summary>
    public static void Check(GraphCondition? condition, string at, InputErrors errors, int depth = 0)
    {
        if (condition is null || depth > Deepest)
        {
            errors.AddIf(true, at, condition is null ? "The condition is null. Send an object with 'path' and 'op', or one of 'and', 'or', 'not'." : $"The condition is nested more than {Deepest} deep. Make it flatter.");
            return;
        }

        var forms = (condition.Path is null && condition.Op is null && condition.Value is null ? 0 : 1) + (condition.And is null ? 0 : 1) + (condition.Or is null ? 0 : 1) + (condition.Not is null ? 0 : 1);
        errors.AddIf(forms != 1, at, "A condition is a comparison ('path', 'op', 'value') or one of 'and', 'or', 'not'. Send exactly one of these.");
        if (forms != 1) return;
        if (condition.Not is not null) Check(condition.Not, $"{at}.not", errors, depth + 1);
        else if ((condition.And ?? condition.Or) is { } parts) CheckParts(parts, condition.And is null ? $"{at}.or" : $"{at}.and", errors, depth);
        else CheckComparison(condition, at, errors);
    }

    private static void CheckParts(IReadOnlyList<GraphCondition> parts, string at, InputErrors errors, int depth)
    {
        errors.AddIf(parts.Count is 0 or > MostParts, at, $"There are {parts.Count} conditions. Send 1 to {MostParts}.");
        for (var i = 0; i < Math.Min(parts.Count, MostParts); i++) Check(parts[i], $"{at}[{i}]", errors, depth + 1);
    }

    private static void CheckComparison(GraphCondition condition, string at, InputErrors errors)
    {
        errors.AddIf(!ValuePath.IsPath(condition.Path), $"{at}.path", $"'{condition.Path}' is no path. Write names and places joined by dots, such as review.decision or hits.0.score.");
        errors.AddIf(condition.Op is null, $"{at}.op", "There is no operator. Send one of: eq, ne, lt, le, gt, ge, exists, contains.");
        errors.AddIf(condition.Op == ConditionOperator.Exists && condition.Value is not null, $"{at}.value", "'exists' takes no value. Leave it out.");
        errors.AddIf(IsOrder(condition.Op) && condition.Value is not { ValueKind: JsonValueKind.Number or JsonValueKind.String }, $"{at}.value", $"'{Word(condition.Op)}' compares numbers and texts, but the value is {condition.Value?.GetRawText() ?? "missing"}. Send a number or a text.");
    }

    private static bool Compare(GraphCondition condition, JsonElement value, JsonElement with) => condition.Op switch
    {
        ConditionOperator.Eq => JsonElement.DeepEquals(value, with),
        ConditionOperator.Ne => !JsonElement.DeepEquals(value, with),
        ConditionOperator.Lt => Order(condition, value, with) < 0,
        ConditionOperator.Le => Order(condition, value, with) <= 0,
        ConditionOperator.Gt => Order(condition, value, with) > 0,
        ConditionOperator.Ge => Order(condition, value, with) >= 0,
        ConditionOperator.Contains => Contains(condition, value, with),
        _ => throw Wrong(condition, value),
    };

    private static int Order(GraphCondition condition, JsonElement value, JsonElement with)
    {
        if (value.ValueKind == JsonValueKind.Number && with.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetDecimal(out var left) && with.TryGetDecimal(out var right) ? left.CompareTo(right) : value.GetDouble().CompareTo(with.GetDouble());
        }

        return value.ValueKind == JsonValueKind.String && with.ValueKind == JsonValueKind.String
            ? string.CompareOrdinal(value.GetString(), with.GetString())
            : throw Wrong(condition, value);
    }

    private static bool Contains(GraphCondition condition, JsonElement value, JsonElement with) => (value.ValueKind, with.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => value.GetString()!.Contains(with.GetString()!, StringComparison.Ordinal),
        (JsonValueKind.Object, JsonValueKind.String) => value.TryGetProperty(with.GetString()!, out _),
        (JsonValueKind.Array, _) => value.EnumerateArray().Any(item => JsonElement.DeepEquals(item, with)),
        _ => throw Wrong(condition, value),
    };

    private static PermanentFailureException Wrong(GraphCondition condition, JsonElement value) =>
        new($"The value at '{condition.Path}' is {Bounded.Text(value.GetRawText(), 100)}: it can't be compared by '{Word(condition.Op)}' with {Bounded.Text(condition.Value?.GetRawText() ?? "null", 100)}. Compare numbers with numbers and texts with texts.");

    public static string Word(ConditionOperator? op) => op?.ToString().ToLower(CultureInfo.InvariantCulture) ?? "";

    private static bool IsOrder(ConditionOperator? op) => op is ConditionOperator.Lt or ConditionOperator.Le or ConditionOperator.Gt or ConditionOperator.Ge;

    private static JsonElement NullValue => JsonElement.Parse("null");
}
