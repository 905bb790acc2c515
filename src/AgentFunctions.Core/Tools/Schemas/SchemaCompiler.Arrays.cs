using System.Text.Json;

namespace AgentFunctions.Core.Tools.Schemas;

/// <content>Keywords for arrays, and what is left unevaluated.</content>
internal sealed partial class SchemaCompiler
{
    private void AddArrays(JsonElement schema, string pointer, SchemaNode node)
    {
        if (Count(schema, "minItems", pointer) is { } least) node.Rules.Add(visit => Items(visit) is not { } count || count >= least || visit.Wrong($"It has {Whole(count)} items. It must have at least {Whole(least)}."));
        if (Count(schema, "maxItems", pointer) is { } most) node.Rules.Add(visit => Items(visit) is not { } count || count <= most || visit.Wrong($"It has {Whole(count)} items. It must have at most {Whole(most)}."));
        if (schema.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind == JsonValueKind.True) node.Rules.Add(Unique);

        // Up to 2019-09 a list under 'items' was what 'prefixItems' is now, and 'additionalItems' what 'items' is.
        var isOld = schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array;
        var first = List(schema, isOld ? "items" : "prefixItems", pointer, mayBeEmpty: true) ?? [];
        var rest = Single(schema, isOld ? "additionalItems" : "items", pointer);
        if (first.Length > 0 || rest is not null) node.Rules.Add(visit => CheckItems(visit, first, rest));
        if (Single(schema, "contains", pointer) is not { } wanted) return;
        var fewest = Count(schema, "minContains", pointer) ?? 1;
        var greatest = Count(schema, "maxContains", pointer);
        node.Rules.Add(visit => Contains(visit, wanted, fewest, greatest));
    }

    private SchemaNode[]? List(JsonElement schema, string keyword, string pointer, bool mayBeEmpty) =>
        mayBeEmpty && schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0 ? [] : List(schema, keyword, pointer);

    private static int? Items(SchemaVisit visit) => visit.Value.ValueKind == JsonValueKind.Array ? visit.Value.GetArrayLength() : null;

    private static bool CheckItems(SchemaVisit visit, SchemaNode[] first, SchemaNode? rest)
    {
        if (Items(visit) is null) return true;
        var fits = true;
        var place = 0;
        foreach (var item in visit.Value.EnumerateArray())
        {
            var schema = place < first.Length ? first[place] : rest;
            if (schema is null) break;
            fits &= visit.Part(schema, item, visit.Item(place));
            visit.Seen.Items.Add(place++);
        }

        return fits;
    }

    private static bool Contains(SchemaVisit visit, SchemaNode wanted, int fewest, int? most)
    {
        if (Items(visit) is null) return true;
        var found = 0;
        var place = 0;
        foreach (var item in visit.Value.EnumerateArray())
        {
            if (wanted.Evaluate(new SchemaVisit(item, "", Findings: null, new SeenParts(), visit.Depth + 1)))
            {
                found++;
                visit.Seen.Items.Add(place);
            }

            place++;
        }

        if (found >= fewest && !(found > most)) return true;
        return visit.Wrong($"{Whole(found)} of its items are of the kind that it must contain. It must be {(most is { } bound ? $"{Whole(fewest)} to {Whole(bound)}" : $"at least {Whole(fewest)}")}.");
    }

    private static bool Unique(SchemaVisit visit)
    {
        if (Items(visit) is null) return true;
        var items = visit.Value.EnumerateArray().ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonElement.DeepEquals(items[i], items[j])) return visit.Wrong($"Its items {j} and {i} are both {SchemaVisit.Show(items[i])}. No item may be there twice.");
            }
        }

        return true;
    }

    private void AddUnevaluated(JsonElement schema, string pointer, SchemaNode node)
    {
        if (Single(schema, "unevaluatedItems", pointer) is { } items)
        {
            node.Rules.Add(visit =>
            {
                if (Items(visit) is null) return true;
                var fits = true;
                var place = 0;
                foreach (var item in visit.Value.EnumerateArray())
                {
                    if (visit.Seen.Items.Add(place)) fits &= visit.Part(items, item, visit.Item(place));
                    place++;
                }

                return fits;
            });
        }

        if (Single(schema, "unevaluatedProperties", pointer) is { } properties)
        {
            node.Rules.Add(visit =>
            {
                if (visit.Value.ValueKind != JsonValueKind.Object) return true;
                var fits = true;
                foreach (var part in visit.Value.EnumerateObject())
                {
                    if (visit.Seen.Properties.Add(part.Name)) fits &= visit.Part(properties, part.Value, visit.Property(part.Name));
                }

                return fits;
            });
        }
    }
}
