using System.Buffers;
using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Policies.Templating;

/// <summary>
/// JSON with placeholders: the object <c>{"$value": "path"}</c> stands for the value at that path, as JSON; with <c>"default"</c> beside it,
/// for that where there is no value. In strings <c>{{path}}</c> stands for the value's text. <c>{"$literal": …}</c> stands for what is in it, as it
/// is: a template for something else, such as the input of another orchestrator. Pure.
/// </summary>
internal static class JsonTemplate
{
    private const string Marker = "$value";
    private const string DefaultName = "default";
    private const string Literal = "$literal";

    /// <summary>The paths it asks for.</summary>
    public static IEnumerable<TemplateUse> Uses(JsonElement template) => template.ValueKind switch
    {
        JsonValueKind.String => TextTemplate.Uses(template.GetString()!),
        JsonValueKind.Array => template.EnumerateArray().SelectMany(Uses),
        JsonValueKind.Object when IsMarked(template) => PathOf(template) is { } path
            ? [new TemplateUse(path, template.TryGetProperty(DefaultName, out _)), .. template.TryGetProperty(DefaultName, out var other) ? Uses(other) : []]
            : [],
        JsonValueKind.Object when IsLiteral(template) => [],
        JsonValueKind.Object => template.EnumerateObject().SelectMany(property => Uses(property.Value)),
        _ => [],
    };

    /// <summary>What is wrong with its placeholders, or null where nothing is.</summary>
    public static string? Fault(JsonElement template) => template.ValueKind switch
    {
        JsonValueKind.Array => template.EnumerateArray().Select(Fault).FirstOrDefault(fault => fault is not null),
        JsonValueKind.Object when IsMarked(template) => PathOf(template) is null || template.EnumerateObject().Any(property => property.Name is not (Marker or DefaultName))
            ? $"{template.GetRawText()} is no placeholder. Write {{\"{Marker}\": \"path.to.value\"}}, with nothing beside it but \"{DefaultName}\"."
            : template.TryGetProperty(DefaultName, out var other) ? Fault(other) : null,
        JsonValueKind.Object when IsLiteral(template) => template.GetPropertyCount() == 1
            ? null
            : $"{template.GetRawText()} is no literal. Write {{\"{Literal}\": …}}, with nothing beside it.",
        JsonValueKind.Object => template.EnumerateObject().Select(property => Fault(property.Value)).FirstOrDefault(fault => fault is not null),
        _ => null,
    };

    /// <summary>The JSON with its values.</summary>
    /// <param name="template">The template.</param>
    /// <param name="find">Gives the value at a path, or null where there is none.</param>
    /// <param name="missing">What to throw for a path without a value.</param>
    public static JsonElement Render(JsonElement template, Func<string, JsonElement?> find, Func<string, Exception> missing)
    {
        if (IsPlain(template)) return template;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, template, find, missing);
        return DurableJson.Parse(buffer.WrittenMemory);
    }

    /// <summary>What a template stands for that asks for nothing; null where it asks for something.</summary>
    public static JsonElement? Constant(JsonElement template) =>
        Uses(template).Any() ? null : Render(template, _ => null, path => new FormatException($"'{path}' is no path."));

    /// <summary>A template that stands for a value, whatever is in it.</summary>
    public static JsonElement Of(JsonElement value)
    {
        if (IsPlain(value)) return value;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(Literal);
            value.WriteTo(writer);
            writer.WriteEndObject();
        }

        return DurableJson.Parse(buffer.WrittenMemory);
    }

    /// <summary>A value as text: a string as it is, all else as JSON.</summary>
    public static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static bool IsMarked(JsonElement template) => template.TryGetProperty(Marker, out _);

    private static bool IsLiteral(JsonElement template) => template.TryGetProperty(Literal, out _);

    /// <summary>Whether it stands for itself.</summary>
    private static bool IsPlain(JsonElement template) => template.ValueKind switch
    {
        JsonValueKind.String => !TextTemplate.Uses(template.GetString()!).Any(),
        JsonValueKind.Array => template.EnumerateArray().All(IsPlain),
        JsonValueKind.Object => !IsMarked(template) && !IsLiteral(template) && template.EnumerateObject().All(property => IsPlain(property.Value)),
        _ => true,
    };

    private static string? PathOf(JsonElement marked) =>
        marked.GetProperty(Marker) is { ValueKind: JsonValueKind.String } path && ValuePath.IsPath(path.GetString()) ? path.GetString() : null;

    private static void Write(Utf8JsonWriter writer, JsonElement template, Func<string, JsonElement?> find, Func<string, Exception> missing)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object when IsMarked(template):
                if (find(PathOf(template) ?? "") is { } found) found.WriteTo(writer);
                else if (template.TryGetProperty(DefaultName, out var other)) Write(writer, other, find, missing);
                else throw missing(PathOf(template) ?? template.GetRawText());
                break;
            case JsonValueKind.Object when IsLiteral(template):
                template.GetProperty(Literal).WriteTo(writer);
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in template.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, find, missing);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in template.EnumerateArray()) Write(writer, item, find, missing);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(TextTemplate.Render(template.GetString()!, path => Text(find(path) ?? throw missing(path))));
                break;
            default:
                template.WriteTo(writer);
                break;
        }
    }
}
