using System.Text.Json;

namespace AgentFunctions.Core.Tools.Schemas;

/// <summary>Makes rules out of a schema's keywords. A subschema is compiled once, however often it is referred to, and so may refer to itself.</summary>
internal sealed partial class SchemaCompiler(JsonElement document)
{
    private static readonly string[] drafts = ["draft-06/", "draft-07/", "draft/2019-09/", "draft/2020-12/"];
    private readonly Dictionary<string, SchemaNode> byPointer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> pointerByAnchor = new(StringComparer.Ordinal);

    public SchemaNode Compile()
    {
        if (document.ValueKind == JsonValueKind.Undefined) return new SchemaNode();
        if (document.ValueKind == JsonValueKind.Object && document.TryGetProperty("$schema", out var draft)) CheckDraft(draft);
        FindAnchors(document, "");
        return Node(document, "");
    }

    private static void CheckDraft(JsonElement draft)
    {
        if (draft.ValueKind != JsonValueKind.String || !drafts.Any(known => draft.GetString()!.Contains($"json-schema.org/{known}", StringComparison.Ordinal)))
        {
            throw new SchemaException($"$schema is {draft.GetRawText()}. Drafts 6, 7, 2019-09 and 2020-12 are taken; write the schema in one of them, such as https://json-schema.org/draft/2020-12/schema.");
        }
    }

    private SchemaNode Node(JsonElement schema, string pointer)
    {
        if (byPointer.TryGetValue(pointer, out var known)) return known;
        var node = byPointer[pointer] = new SchemaNode();
        switch (schema.ValueKind)
        {
            case JsonValueKind.True:
                break;
            case JsonValueKind.False:
                node.Rules.Add(visit => visit.Wrong($"It is {visit.Shown}, and nothing is allowed here. Leave it out."));
                break;
            case JsonValueKind.Object:
                AddReference(schema, pointer, node);
                AddAny(schema, pointer, node);
                AddNumbers(schema, pointer, node);
                AddStrings(schema, pointer, node);
                AddLogic(schema, pointer, node);
                AddArrays(schema, pointer, node);
                AddObjects(schema, pointer, node);
                AddUnevaluated(schema, pointer, node);
                break;
            default:
                throw Wrong(pointer, schema, "Write a schema: an object, true or false.");
        }

        return node;
    }

    private void AddReference(JsonElement schema, string pointer, SchemaNode node)
    {
        foreach (var untaken in (string[])["$dynamicRef", "$recursiveRef"])
        {
            if (schema.TryGetProperty(untaken, out var value)) throw Wrong($"{pointer}/{untaken}", value, "This is not taken. Use $ref.");
        }

        if (!schema.TryGetProperty("$ref", out var reference)) return;
        var target = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : throw Wrong($"{pointer}/$ref", reference, "Write a string.");
        var referred = Find(target, pointer);
        node.Rules.Add(visit => visit.Must(referred));
    }

    private SchemaNode Find(string target, string pointer)
    {
        if (target is not ['#', ..]) throw new SchemaException($"{pointer}/$ref of the schema is '{target}', another document, which is never fetched. Copy what it names under $defs and refer to it as '#/$defs/…'.");
        var fragment = Uri.UnescapeDataString(target[1..]);
        if (fragment.Length > 0 && fragment[0] != '/') return pointerByAnchor.TryGetValue(fragment, out var anchored) ? Node(At(anchored, target, pointer), anchored) : throw NotThere();
        return Node(At(fragment, target, pointer), fragment);

        SchemaException NotThere() => new($"{pointer}/$ref of the schema is '{target}', which the schema does not have. Refer to what is there.");
    }

    private JsonElement At(string fragment, string target, string pointer)
    {
        var place = document;
        foreach (var step in fragment.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            var found = place.ValueKind == JsonValueKind.Object && place.TryGetProperty(step, out place);
            if (!found && place.ValueKind == JsonValueKind.Array && int.TryParse(step, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) && index < place.GetArrayLength())
            {
                place = place[index];
                found = true;
            }

            if (!found) throw new SchemaException($"{pointer}/$ref of the schema is '{target}', which the schema does not have. Refer to what is there.");
        }

        return place;
    }

    private void FindAnchors(JsonElement schema, string pointer)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            var place = 0;
            foreach (var item in schema.EnumerateArray()) FindAnchors(item, $"{pointer}/{place++}");
        }

        if (schema.ValueKind != JsonValueKind.Object) return;
        // Within these, values are no schemas.
        foreach (var part in schema.EnumerateObject().Where(part => part.Name is not ("const" or "enum" or "default" or "examples")))
        {
            if (part.Name == "$anchor" && part.Value.ValueKind == JsonValueKind.String) pointerByAnchor.TryAdd(part.Value.GetString()!, pointer);
            else if (part.Name == "$id" && pointer.Length > 0 && part.Value.ValueKind == JsonValueKind.String) TakeId(part.Value, pointer);
            else FindAnchors(part.Value, Join(pointer, part.Name));
        }
    }

    /// <summary>A draft-7 anchor is an $id of a fragment. Any other $id within would change what references mean.</summary>
    private void TakeId(JsonElement id, string pointer)
    {
        if (id.GetString() is ['#', .. var anchor]) pointerByAnchor.TryAdd(anchor, pointer);
        else throw Wrong($"{pointer}/$id", id, "A subschema with an address of its own is not taken. Use $anchor.");
    }

    private static string Join(string pointer, string name) => $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static SchemaException Wrong(string pointer, JsonElement value, string advice) =>
        new($"'{(pointer.Length == 0 ? "/" : pointer)}' of the schema is {SchemaVisit.Show(value)}. {advice}");
}
