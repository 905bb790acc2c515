using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Policies.Templating;

/// <summary>
/// JSON that refers to other JSON: the object <c>{"$result": POINTER, "$of": STEP}</c> stands for the part at that JSON Pointer (RFC 6901) of the
/// step's answer; the empty pointer is the whole of it. Everything else is taken as it is. The first property's name is the template's own. Pure.
/// </summary>
/// <param name="result">The name of the property that holds the pointer: <c>$result</c>.</param>
/// <param name="owner">What is referred to where no step is named, for messages: <c>The answer of the step</c>.</param>
internal sealed class JsonTemplate(string result, string owner)
{
    private const string Of = "$of";

    /// <summary>The references in a template; each with its step, or null for the step that the arguments belong to.</summary>
    /// <exception cref="FormatException">An object has that property, but is no reference.</exception>
    public IEnumerable<(string? Step, string Pointer)> References(JsonElement template)
    {
        if (template.ValueKind == JsonValueKind.Array) return template.EnumerateArray().SelectMany(References);
        if (template.ValueKind != JsonValueKind.Object) return [];
        return Reference(template) is { } reference ? [reference] : template.EnumerateObject().SelectMany(property => References(property.Value));
    }

    /// <summary>The template with every reference replaced.</summary>
    /// <param name="template">The template.</param>
    /// <param name="answerOf">A step's answer; null asks for the step that the arguments belong to.</param>
    /// <exception cref="PermanentFailureException">An answer has nothing at a pointer.</exception>
    public JsonElement Fill(JsonElement template, Func<string?, JsonElement> answerOf)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(template, answerOf, writer);
        return DurableJson.Parse(buffer.WrittenMemory);
    }

    private void Write(JsonElement template, Func<string?, JsonElement> answerOf, Utf8JsonWriter writer)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object when Reference(template) is { } reference:
                Part(answerOf(reference.Step), reference.Pointer, reference.Step).WriteTo(writer);
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in template.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, answerOf, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in template.EnumerateArray()) Write(item, answerOf, writer);
                writer.WriteEndArray();
                break;
            default:
                template.WriteTo(writer);
                break;
        }
    }

    private (string? Step, string Pointer)? Reference(JsonElement element)
    {
        if (!element.TryGetProperty(result, out var pointer)) return null;
        var of = element.TryGetProperty(Of, out var step) ? step : default;
        if (pointer.ValueKind != JsonValueKind.String || of.ValueKind is not (JsonValueKind.String or JsonValueKind.Undefined) || element.GetPropertyCount() != (of.ValueKind == JsonValueKind.String ? 2 : 1))
        {
            throw new FormatException($"'{element.GetRawText()}' is no reference. Write {{\"{result}\": \"/path\"}} or {{\"{result}\": \"/path\", \"{Of}\": \"step\"}}, and nothing else in the object.");
        }

        var path = pointer.GetString()!;
        if (path.Length > 0 && path[0] != '/') throw new FormatException($"'{path}' is no JSON Pointer. Begin it with '/', or leave it empty for the whole answer.");
        return (of.ValueKind == JsonValueKind.String ? of.GetString() : null, path);
    }

    private JsonElement Part(JsonElement answer, string pointer, string? step)
    {
        var part = answer;
        foreach (var token in pointer.Split('/').Skip(1))
        {
            var name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var isThere = part.ValueKind switch
            {
                JsonValueKind.Object => part.TryGetProperty(name, out part),
                JsonValueKind.Array => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < part.GetArrayLength() && (part = part[index]).ValueKind != JsonValueKind.Undefined,
                _ => false,
            };
            if (!isThere) throw new PermanentFailureException($"{(step is null ? owner : $"The answer of step '{step}'")} has nothing at '{pointer}'. Correct the pointer, or what it points into.");
        }

        return part;
    }
}
