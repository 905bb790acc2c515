using System.Text.Json;

namespace AgentFunctions.Core.Tools.Schemas;

/// <summary>
/// A compiled JSON schema: draft 2020-12 (json-schema.org/draft/2020-12), and what drafts 6 and 7 and 2019-09 write in another way. Formats are annotations, as the
/// specification has it by default. References stay within the schema: nothing is ever fetched. Thread-safe.
/// </summary>
public sealed class JsonValueSchema
{
    /// <summary>How many findings are gathered before the check ends: 10.</summary>
    public const int MostFindings = 10;

    private readonly SchemaNode root;

    private JsonValueSchema(SchemaNode root) => this.root = root;

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">An object or a boolean. Undefined allows everything.</param>
    /// <exception cref="SchemaException">It is wrong, or has what is not taken: a reference to another document, <c>$dynamicRef</c>, draft 4.</exception>
    public static JsonValueSchema Compile(JsonElement schema) => new(new SchemaCompiler(schema).Compile());

    /// <summary>Says what is wrong with a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Nothing where it fits; at most <see cref="MostFindings"/> findings.</returns>
    /// <exception cref="SchemaException">The schema refers to itself without end.</exception>
    public IReadOnlyList<SchemaFinding> Check(JsonElement value)
    {
        // Told first without words: nearly every value fits, and alternatives that don't would be described for nothing.
        if (root.Accepts(value)) return [];
        var findings = new List<SchemaFinding>();
        root.Evaluate(new SchemaVisit(value, "", findings, new SeenParts(), Depth: 0));
        return findings.Count > MostFindings ? findings[..MostFindings] : findings;
    }

    /// <summary>Whether a value fits.</summary>
    /// <param name="value">The value.</param>
    public bool Accepts(JsonElement value) => root.Accepts(value);
}
