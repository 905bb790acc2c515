using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentFunctions.Core.Tools.Schemas;

/// <content>Keywords for values of any kind, numbers and strings.</content>
internal sealed partial class SchemaCompiler
{
    private const int ShownValues = 20;
    private static readonly string[] kinds = ["null", "boolean", "object", "array", "number", "string", "integer"];
    private static readonly TimeSpan longestMatch = TimeSpan.FromSeconds(1);

    private static void AddAny(JsonElement schema, string pointer, SchemaNode node)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            string[] allowed = type.ValueKind == JsonValueKind.Array ? Strings(type, $"{pointer}/type") : [Text(type, $"{pointer}/type")];
            if (allowed.FirstOrDefault(kind => !kinds.Contains(kind, StringComparer.Ordinal)) is { } unknown) throw Wrong($"{pointer}/type", type, $"'{unknown}' is no type. Use {string.Join(", ", kinds)}.");
            node.Rules.Add(visit => allowed.Any(kind => IsOfKind(visit.Value, kind)) || visit.Wrong($"It is {visit.Shown}. It must be of type {string.Join(" or ", allowed)}."));
        }

        if (schema.TryGetProperty("enum", out var values))
        {
            if (values.ValueKind != JsonValueKind.Array) throw Wrong($"{pointer}/enum", values, "Write an array.");
            var allowed = values.EnumerateArray().ToArray();
            var shown = string.Join(", ", allowed.Take(ShownValues).Select(SchemaVisit.Show)) + (allowed.Length > ShownValues ? ", …" : "");
            node.Rules.Add(visit => allowed.Any(value => JsonElement.DeepEquals(value, visit.Value)) || visit.Wrong($"It is {visit.Shown}. It must be one of: {shown}."));
        }

        if (schema.TryGetProperty("const", out var only))
        {
            node.Rules.Add(visit => JsonElement.DeepEquals(only, visit.Value) || visit.Wrong($"It is {visit.Shown}. It must be {SchemaVisit.Show(only)}."));
        }
    }

    private static void AddNumbers(JsonElement schema, string pointer, SchemaNode node)
    {
        Bound("minimum", (value, bound) => value >= bound, (value, bound) => value >= bound, "at least");
        Bound("maximum", (value, bound) => value <= bound, (value, bound) => value <= bound, "at most");
        Bound("exclusiveMinimum", (value, bound) => value > bound, (value, bound) => value > bound, "above");
        Bound("exclusiveMaximum", (value, bound) => value < bound, (value, bound) => value < bound, "below");
        if (!schema.TryGetProperty("multipleOf", out var factor)) return;
        if (factor.ValueKind != JsonValueKind.Number || factor.GetDouble() <= 0) throw Wrong($"{pointer}/multipleOf", factor, "Write a number above 0.");
        node.Rules.Add(visit => visit.Value.ValueKind != JsonValueKind.Number || IsMultiple(visit.Value, factor) || visit.Wrong($"It is {visit.Shown}. It must be a multiple of {factor.GetRawText()}."));

        void Bound(string keyword, Func<decimal, decimal, bool> exact, Func<double, double, bool> rough, string words)
        {
            if (!schema.TryGetProperty(keyword, out var bound)) return;
            if (bound.ValueKind != JsonValueKind.Number) throw Wrong($"{pointer}/{keyword}", bound, "Write a number. (A boolean here is draft 4, which is not taken.)");
            node.Rules.Add(visit => visit.Value.ValueKind != JsonValueKind.Number
                || (visit.Value.TryGetDecimal(out var value) && bound.TryGetDecimal(out var limit) ? exact(value, limit) : rough(visit.Value.GetDouble(), bound.GetDouble()))
                || visit.Wrong($"It is {visit.Shown}. It must be {words} {bound.GetRawText()}."));
        }
    }

    private static void AddStrings(JsonElement schema, string pointer, SchemaNode node)
    {
        if (Count(schema, "minLength", pointer) is { } least) node.Rules.Add(visit => Length(visit.Value) is not { } length || length >= least || visit.Wrong($"It is {visit.Shown}, {length} characters. It must have at least {least}."));
        if (Count(schema, "maxLength", pointer) is { } most) node.Rules.Add(visit => Length(visit.Value) is not { } length || length <= most || visit.Wrong($"It has {length} characters: {visit.Shown}. It must have at most {most}."));
        if (!schema.TryGetProperty("pattern", out var pattern)) return;
        var expression = Expression(Text(pattern, $"{pointer}/pattern"), $"{pointer}/pattern", pattern);
        node.Rules.Add(visit => visit.Value.ValueKind != JsonValueKind.String || IsMatch(expression, visit.Value.GetString()!) || visit.Wrong($"It is {visit.Shown}. It must match the pattern {pattern.GetRawText()}."));
    }

    private static bool IsOfKind(JsonElement value, string kind) => value.ValueKind switch
    {
        JsonValueKind.Null => kind == "null",
        JsonValueKind.True or JsonValueKind.False => kind == "boolean",
        JsonValueKind.Object => kind == "object",
        JsonValueKind.Array => kind == "array",
        JsonValueKind.String => kind == "string",
        JsonValueKind.Number => kind == "number" || (kind == "integer" && (value.TryGetDecimal(out var exact) ? decimal.IsInteger(exact) : double.IsInteger(value.GetDouble()))),
        _ => false,
    };

    private static bool IsMultiple(JsonElement value, JsonElement factor)
    {
        if (value.TryGetDecimal(out var exact) && factor.TryGetDecimal(out var step) && step != 0) return exact % step == 0;
        var quotient = value.GetDouble() / factor.GetDouble();
        return double.IsFinite(quotient) ? double.IsInteger(quotient) : Math.IEEERemainder(value.GetDouble(), factor.GetDouble()) == 0;
    }

    /// <summary>Unicode characters, not UTF-16 units.</summary>
    private static int? Length(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!.EnumerateRunes().Count() : null;

    /// <summary>Linear in the text's length where the expression allows it; a text must not be able to hold up the host.</summary>
    private static Regex Expression(string pattern, string pointer, JsonElement value)
    {
        try
        {
            try
            {
                return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, longestMatch);
            }
            catch (NotSupportedException)
            {
                return new Regex(pattern, RegexOptions.CultureInvariant, longestMatch);
            }
        }
        catch (ArgumentException error)
        {
            throw new SchemaException($"'{pointer}' of the schema is {SchemaVisit.Show(value)}, no regular expression: {error.Message}", error);
        }
    }

    private static bool IsMatch(Regex expression, string text)
    {
        try
        {
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // What can't be told within a second is refused.
            return false;
        }
    }

    private static int? Count(JsonElement schema, string keyword, string pointer)
    {
        if (!schema.TryGetProperty(keyword, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= 0 && decimal.IsInteger(number)) return (int)Math.Min(number, int.MaxValue);
        throw Wrong($"{pointer}/{keyword}", value, "Write a whole number, 0 or more.");
    }

    private static string Text(JsonElement value, string pointer) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(pointer, value, "Write a string.");

    private static string[] Strings(JsonElement value, string pointer) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : throw Wrong(pointer, value, "Write an array of strings.");

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
