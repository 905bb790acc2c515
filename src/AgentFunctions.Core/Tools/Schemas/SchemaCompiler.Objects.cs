using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Tools.Schemas;

/// <content>Keywords for objects.</content>
internal sealed partial class SchemaCompiler
{
    private void AddObjects(JsonElement schema, string pointer, SchemaNode node)
    {
        if (Count(schema, "minProperties", pointer) is { } least) node.Rules.Add(visit => Properties(visit) is not { } count || count >= least || visit.Wrong($"It has {Whole(count)} properties. It must have at least {Whole(least)}."));
        if (Count(schema, "maxProperties", pointer) is { } most) node.Rules.Add(visit => Properties(visit) is not { } count || count <= most || visit.Wrong($"It has {Whole(count)} properties. It must have at most {Whole(most)}."));
        if (schema.TryGetProperty("required", out var required)) AddRequired(Strings(required, $"{pointer}/required"), node);
        AddDependencies(schema, pointer, node);
        if (Single(schema, "propertyNames", pointer) is { } names) node.Rules.Add(visit => CheckNames(visit, names));
        var known = Map(schema, "properties", pointer);
        var patterns = Map(schema, "patternProperties", pointer).Select(part => (Expression(part.Key, $"{pointer}/patternProperties", schema.GetProperty("patternProperties")), part.Value)).ToArray();
        var others = Single(schema, "additionalProperties", pointer);
        // Said in better words than "nothing is allowed here".
        var isClosed = schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;
        if (known.Count > 0 || patterns.Length > 0 || others is not null) node.Rules.Add(visit => CheckProperties(visit, known, patterns, others, isClosed));
    }

    private static void AddRequired(string[] required, SchemaNode node) => node.Rules.Add(visit =>
    {
        if (visit.Value.ValueKind != JsonValueKind.Object) return true;
        var fits = true;
        foreach (var name in required.Where(name => !visit.Value.TryGetProperty(name, out _)))
        {
            fits = (visit with { Path = visit.Property(name) }).Wrong("It is missing. Set it.");
        }

        return fits;
    });

    private void AddDependencies(JsonElement schema, string pointer, SchemaNode node)
    {
        foreach (var keyword in (string[])["dependentRequired", "dependentSchemas", "dependencies"])
        {
            if (!schema.TryGetProperty(keyword, out var dependencies)) continue;
            if (dependencies.ValueKind != JsonValueKind.Object) throw Wrong($"{pointer}/{keyword}", dependencies, "Write an object.");
            foreach (var part in dependencies.EnumerateObject())
            {
                var place = Join($"{pointer}/{keyword}", part.Name);
                SchemaRule rule;
                if (part.Value.ValueKind == JsonValueKind.Array && keyword != "dependentSchemas")
                {
                    var wanted = new SchemaNode();
                    AddRequired(Strings(part.Value, place), wanted);
                    rule = visit => visit.Must(wanted);
                }
                else if (keyword == "dependentRequired")
                {
                    throw Wrong(place, part.Value, "Write an array of strings.");
                }
                else
                {
                    var dependent = Node(part.Value, place);
                    rule = visit => visit.Must(dependent);
                }

                node.Rules.Add(visit => visit.Value.ValueKind != JsonValueKind.Object || !visit.Value.TryGetProperty(part.Name, out _) || rule(visit));
            }
        }
    }

    private static int? Properties(SchemaVisit visit) => visit.Value.ValueKind == JsonValueKind.Object ? visit.Value.GetPropertyCount() : null;

    private static bool CheckNames(SchemaVisit visit, SchemaNode names)
    {
        if (visit.Value.ValueKind != JsonValueKind.Object) return true;
        var fits = true;
        foreach (var part in visit.Value.EnumerateObject())
        {
            var name = JsonSerializer.SerializeToElement(part.Name, SchemasJsonContext.Default.String);
            if (!names.Accepts(name)) fits = visit.Wrong($"'{part.Name}' is no name that a property here may have: {new SchemaVisit(name, "", Findings: null, new SeenParts(), visit.Depth).FirstFault(names)}");
        }

        return fits;
    }

    private static bool CheckProperties(SchemaVisit visit, Dictionary<string, SchemaNode> known, (Regex Name, SchemaNode Schema)[] patterns, SchemaNode? others, bool isClosed)
    {
        if (visit.Value.ValueKind != JsonValueKind.Object) return true;
        var fits = true;
        foreach (var part in visit.Value.EnumerateObject())
        {
            var path = visit.Property(part.Name);
            var isKnown = known.TryGetValue(part.Name, out var schema);
            if (isKnown) fits &= visit.Part(schema!, part.Value, path);
            foreach (var (name, matched) in patterns)
            {
                if (!IsMatch(name, part.Name)) continue;
                isKnown = true;
                fits &= visit.Part(matched, part.Value, path);
            }

            if (!isKnown && others is null) continue;
            visit.Seen.Properties.Add(part.Name);
            if (isKnown) continue;
            fits &= isClosed ? (visit with { Path = path }).Wrong(Unknown(known)) : visit.Part(others!, part.Value, path);
        }

        return fits;
    }

    private static string Unknown(Dictionary<string, SchemaNode> known) => known.Count == 0 ? "It is not known. Leave it out: nothing is taken here." : $"It is not known. Leave it out, or use one of: {string.Join(", ", known.Keys)}.";
}
