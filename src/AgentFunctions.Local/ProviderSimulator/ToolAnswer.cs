using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>Tool calls of a model that is not scripted: which, and with what, is drawn from the seed and the conversation, so the same request is answered alike.</summary>
internal static class ToolAnswer
{
    /// <summary>Draws 1 to 3 calls, of different tools where there are as many.</summary>
    /// <param name="tools">The tools there are to choose from.</param>
    /// <param name="topic">The user's words, which texts are made of.</param>
    /// <param name="parallel">Whether more than one may be called.</param>
    /// <param name="random">The chance.</param>
    public static IReadOnlyList<ScriptedCall> Draw(IReadOnlyList<ChatRequestFunction> tools, string topic, bool parallel, Random random)
    {
        var count = parallel ? random.Next(1, Math.Min(3, tools.Count) + 1) : 1;
        var order = tools.ToArray();
        random.Shuffle(order);
        return [.. order.Take(count).Select(tool => new ScriptedCall(tool.Name, JsonSerializer.SerializeToElement(Value(tool.Parameters, topic, random, depth: 0) as JsonObject ?? [], ProviderJsonContext.Default.JsonObject)))];
    }

    /// <summary>A value that fits the plain parts of a JSON schema: type, enum, properties, required, items, minimum and maximum.</summary>
    private static JsonNode? Value(JsonElement? schema, string topic, Random random, int depth)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } rules)
        {
            return depth == 0 ? new JsonObject() : JsonValue.Create(topic);
        }

        if (rules.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            return JsonNode.Parse(values[random.Next(values.GetArrayLength())].GetRawText());
        }

        return TypeOf(rules, depth) switch
        {
            "object" => Properties(rules, topic, random, depth),
            "array" => depth < 8 && rules.TryGetProperty("items", out var items) ? new JsonArray(Value(items, topic, random, depth + 1)) : [],
            "integer" => JsonValue.Create((long)Number(rules, random)),
            "number" => JsonValue.Create(Number(rules, random)),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            "null" => null,
            _ => JsonValue.Create(topic),
        };
    }

    private static JsonObject Properties(JsonElement rules, string topic, Random random, int depth)
    {
        var made = new JsonObject();
        if (depth < 8 && rules.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!))
            {
                JsonElement? schema = rules.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var property) ? property : null;
                made[name] = Value(schema, topic, random, depth + 1);
            }
        }

        return made;
    }

    private static string? TypeOf(JsonElement rules, int depth) => !rules.TryGetProperty("type", out var type) ? (depth == 0 ? "object" : null)
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0].ToString()
        : null;

    private static double Number(JsonElement rules, Random random)
    {
        var least = Bound(rules, "minimum") ?? Math.Min(0, Bound(rules, "maximum") ?? 0);
        var most = Bound(rules, "maximum") ?? least + 100;
        return Math.Floor(least + ((most - least) * random.NextDouble())) is var number && number < least ? least : number;
    }

    private static double? Bound(JsonElement rules, string name) => rules.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number ? double.Parse(bound.GetRawText(), CultureInfo.InvariantCulture) : null;
}
