using System.Text.Json;

namespace AgentFunctions.Core.Tools.Schemas;

/// <content>Keywords that apply other schemas to the same value.</content>
internal sealed partial class SchemaCompiler
{
    private void AddLogic(JsonElement schema, string pointer, SchemaNode node)
    {
        if (List(schema, "allOf", pointer) is { } all) node.Rules.Add(visit => All(all, visit));
        if (List(schema, "anyOf", pointer) is { } any) node.Rules.Add(visit => Any(any, visit));
        if (List(schema, "oneOf", pointer) is { } one) node.Rules.Add(visit => One(one, visit));
        if (Single(schema, "not", pointer) is { } not) node.Rules.Add(visit => !not.Evaluate(new SchemaVisit(visit.Value, visit.Path, Findings: null, new SeenParts(), visit.Depth + 1)) || visit.Wrong($"It is {visit.Shown}, which the schema excludes (by 'not')."));
        if (Single(schema, "if", pointer) is not { } condition) return;
        var then = Single(schema, "then", pointer);
        var otherwise = Single(schema, "else", pointer);
        node.Rules.Add(visit => (visit.Tries(condition) ? then : otherwise) is not { } next || visit.Must(next));
    }

    private static bool All(SchemaNode[] schemas, SchemaVisit visit)
    {
        var fits = true;
        foreach (var schema in schemas) fits &= visit.Must(schema);
        return fits;
    }

    private static bool Any(SchemaNode[] schemas, SchemaVisit visit)
    {
        var fits = false;
        // All are tried: each that fits counts for what is unevaluated.
        foreach (var schema in schemas) fits |= visit.Tries(schema);
        return fits || (visit.Findings is not null && visit.Wrong($"It is {visit.Shown}, which fits none of {schemas.Length} alternatives. {Faults(schemas, visit)}"));
    }

    private static bool One(SchemaNode[] schemas, SchemaVisit visit)
    {
        var fitting = schemas.Count(visit.Tries);
        if (fitting == 1) return true;
        if (visit.Findings is null) return false;
        return visit.Wrong(fitting == 0
            ? $"It is {visit.Shown}, which fits none of {schemas.Length} alternatives. {Faults(schemas, visit)}"
            : $"It is {visit.Shown}, which fits {fitting} of {schemas.Length} alternatives. It must fit exactly one.");
    }

    private static string Faults(SchemaNode[] schemas, SchemaVisit visit) => string.Join(" ", schemas.Take(5).Select((schema, place) => $"({place + 1}) {visit.FirstFault(schema)}"));

    private SchemaNode? Single(JsonElement schema, string keyword, string pointer) => schema.TryGetProperty(keyword, out var value) ? Node(value, $"{pointer}/{keyword}") : null;

    private SchemaNode[]? List(JsonElement schema, string keyword, string pointer)
    {
        if (!schema.TryGetProperty(keyword, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw Wrong($"{pointer}/{keyword}", value, "Write an array of at least one schema.");
        return [.. value.EnumerateArray().Select((item, place) => Node(item, $"{pointer}/{keyword}/{place}"))];
    }

    private Dictionary<string, SchemaNode> Map(JsonElement schema, string keyword, string pointer)
    {
        if (!schema.TryGetProperty(keyword, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Object) throw Wrong($"{pointer}/{keyword}", value, "Write an object of schemas.");
        var nodes = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var part in value.EnumerateObject()) nodes[part.Name] = Node(part.Value, Join($"{pointer}/{keyword}", part.Name));
        return nodes;
    }
}
