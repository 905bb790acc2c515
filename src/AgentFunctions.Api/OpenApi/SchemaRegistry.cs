using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Api.OpenApi;

/// <summary>Exports the JSON schemas of types (JSON Schema 2020-12, which OpenAPI 3.1 uses as it is); each object type becomes one named component.</summary>
internal sealed class SchemaRegistry(JsonSerializerOptions json)
{
    private readonly Dictionary<Type, string> names = [];
    private readonly Queue<Type> pending = new();
    private readonly SortedDictionary<string, JsonNode> components = new(StringComparer.Ordinal);

    /// <summary>A schema that refers to the type's component.</summary>
    public JsonNode Of(Type type)
    {
        var schema = IsComponent(type) ? Reference(type) : Export(type);
        Drain();
        return schema;
    }

    public JsonObject Components() => new(components.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value)));

    private void Drain()
    {
        while (pending.TryDequeue(out var type))
        {
            components.Add(names[type], Export(type));
        }
    }

    private JsonNode Export(Type type) => json.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var nullable = schema is JsonObject { } node && node["type"] is JsonArray types && types.Any(t => (string?)t == "null");
        if (type == typeof(TimeSpan))
        {
            return new JsonObject
            {
                ["type"] = nullable || type != context.TypeInfo.Type ? new JsonArray("string", "null") : "string",
                ["pattern"] = @"^-?([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?$",
                ["description"] = "A duration: hh:mm:ss, hh:mm:ss.fff, with days in front d.hh:mm:ss.",
            };
        }

        if (context.Path.Length == 0 || !IsComponent(type))
        {
            return schema;
        }

        return nullable ? new JsonObject { ["anyOf"] = new JsonArray(Reference(type), new JsonObject { ["type"] = "null" }) } : Reference(type);
    }

    private bool IsComponent(Type type) => json.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null };

    private JsonObject Reference(Type type)
    {
        if (!names.TryGetValue(type, out var name))
        {
            name = NameOf(type);
            for (var n = 2; names.ContainsValue(name); n++)
            {
                name = $"{NameOf(type)}{n}";
            }

            names.Add(type, name);
            pending.Enqueue(type);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}" : type.Name;
}
