using System.Text.Json;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Tools.Schemas;

/// <summary>One rule of a schema. False where the value breaks it; then it has said so, if anyone listens.</summary>
internal delegate bool SchemaRule(SchemaVisit visit);

/// <summary>A schema or subschema: its rules, in an order in which those that look at what others have seen come last.</summary>
internal sealed class SchemaNode
{
    private const int DeepestVisit = 512;

    public List<SchemaRule> Rules { get; } = [];

    public bool Accepts(JsonElement value) => Evaluate(new SchemaVisit(value, "", Findings: null, new SeenParts(), Depth: 0));

    public bool Evaluate(SchemaVisit visit)
    {
        // JSON of more than 64 levels is never read, so such a depth is a loop of references.
        if (visit.Depth > DeepestVisit) throw new SchemaException("A $ref of the schema leads back to itself without end. Let a reference that recurs lie under properties or items.");
        var fits = true;
        foreach (var rule in Rules)
        {
            if (rule(visit)) continue;
            fits = false;
            if (visit.Findings is null) return false;
        }

        return fits;
    }
}

/// <summary>A value at its place while it is checked.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Findings">What is wrong so far; null where only yes or no is asked.</param>
/// <param name="Seen">Which of its parts a rule has looked at (the annotations behind unevaluatedProperties and unevaluatedItems).</param>
/// <param name="Depth">How many schemas lie above.</param>
internal sealed record SchemaVisit(JsonElement Value, string Path, List<SchemaFinding>? Findings, SeenParts Seen, int Depth)
{
    private const int ShownCharacters = 80;

    /// <summary>The value as an error shows it.</summary>
    public string Shown => Show(Value);

    public bool Wrong(string message)
    {
        if (Findings is { Count: <= JsonValueSchema.MostFindings }) Findings.Add(new SchemaFinding(Path, message));
        return false;
    }

    /// <summary>Checks a part of the value.</summary>
    public bool Part(SchemaNode schema, JsonElement part, string path) => schema.Evaluate(new SchemaVisit(part, path, Findings, new SeenParts(), Depth + 1));

    /// <summary>Checks the same value by another schema, silently; what it has seen counts only where the value fits.</summary>
    public bool Tries(SchemaNode schema)
    {
        var seen = new SeenParts();
        if (!schema.Evaluate(new SchemaVisit(Value, Path, Findings: null, seen, Depth + 1))) return false;
        Seen.Add(seen);
        return true;
    }

    /// <summary>Checks the same value by another schema that it must fit.</summary>
    public bool Must(SchemaNode schema)
    {
        var seen = new SeenParts();
        if (!schema.Evaluate(new SchemaVisit(Value, Path, Findings, seen, Depth + 1))) return false;
        Seen.Add(seen);
        return true;
    }

    /// <summary>The first thing that is wrong with the value by another schema, in words.</summary>
    public string FirstFault(SchemaNode schema)
    {
        var findings = new List<SchemaFinding>();
        schema.Evaluate(new SchemaVisit(Value, Path, findings, new SeenParts(), Depth + 1));
        return findings is [var first, ..] ? (first.Path.Length == 0 || first.Path == Path ? first.Message : $"{first.Path}: {first.Message}") : "It does not fit.";
    }

    public string Property(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public string Item(int place) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Path}[{place}]");

    public static string Show(JsonElement value) => value.GetRawText().Shortened(ShownCharacters);
}

/// <summary>Which parts of a value a schema has looked at.</summary>
internal sealed class SeenParts
{
    public HashSet<string> Properties { get; } = new(StringComparer.Ordinal);

    public HashSet<int> Items { get; } = [];

    public void Add(SeenParts other)
    {
        Properties.UnionWith(other.Properties);
        Items.UnionWith(other.Items);
    }
}
