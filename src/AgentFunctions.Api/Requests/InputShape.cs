using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Api.Requests;

/// <summary>
/// Compares a body with the type it is to become and says all that does not fit, in the words of JSON. The serializer would stop at the first
/// misfit and name .NET types; and it lets null into lists of things that can't be null, which no orchestrator expects.
/// </summary>
internal sealed class InputShape
{
    private const int MostErrors = 20;
    private readonly InputErrors errors = new();
    private readonly Dictionary<Type, Dictionary<string, JsonPropertyInfo>> members = [];

    private InputShape()
    {
    }

    public static InputErrors Check(JsonElement value, Type type, JsonSerializerOptions json)
    {
        var shape = new InputShape();
        shape.Visit(value, json.GetTypeInfo(type), "$");
        return shape.errors;
    }

    private void Visit(JsonElement value, JsonTypeInfo info, string path)
    {
        if (errors.ByPath.Count >= MostErrors)
        {
            return;
        }

        var expected = info.PolymorphismOptions is null ? info.Kind : JsonTypeInfoKind.None;
        switch (expected, value.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                VisitObject(value, info, path);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    VisitElement(element, info, $"{path}[{index}]");
                    index++;
                }

                break;
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object):
                foreach (var property in value.EnumerateObject())
                {
                    VisitElement(property.Value, info, Child(path, property.Name));
                }

                break;
            default:
                VisitLeaf(value, info, path);
                break;
        }
    }

    private void VisitElement(JsonElement element, JsonTypeInfo info, string path)
    {
        var elementInfo = info.Options.GetTypeInfo(info.ElementType!);
        if (element.ValueKind != JsonValueKind.Null || JsonWords.TakesNull(elementInfo.Type))
        {
            Visit(element, elementInfo, path);
        }
        else
        {
            Add(path, $"This is null, but {JsonWords.Of(elementInfo)} is expected. Remove it or give it a value.");
        }
    }

    private void VisitObject(JsonElement value, JsonTypeInfo info, string path)
    {
        var known = MembersOf(info);
        foreach (var property in value.EnumerateObject())
        {
            if (known.TryGetValue(property.Name, out var member))
            {
                VisitMember(property.Value, member, info.Options, Child(path, property.Name));
            }
            else if (RefusesUnknown(info))
            {
                Add(Child(path, Shown.Of(property.Name)), $"There is no property '{Shown.Of(property.Name)}' here. There are: {string.Join(", ", known.Keys)}.");
            }
        }

        foreach (var (name, member) in known)
        {
            if (IsRequired(member) && !value.TryGetProperty(name, out _))
            {
                Add(Child(path, name), $"This is missing. Send {JsonWords.Of(info.Options.GetTypeInfo(member.PropertyType))}.");
            }
        }
    }

    private void VisitMember(JsonElement value, JsonPropertyInfo member, JsonSerializerOptions json, string path)
    {
        var type = json.GetTypeInfo(member.PropertyType);
        if (value.ValueKind != JsonValueKind.Null)
        {
            Visit(value, type, path);
        }
        else if (member.PropertyType.IsValueType ? !JsonWords.TakesNull(member.PropertyType) : !member.IsSetNullable)
        {
            Add(path, $"This is null, but {JsonWords.Of(type)} is expected. Give it a value{(IsRequired(member) ? "" : " or leave it out")}.");
        }
    }

    private void VisitLeaf(JsonElement value, JsonTypeInfo info, string path)
    {
        // A string is already known to be text, and a copy of a long document would say no more.
        if (info.Type == typeof(JsonElement) || info.Type == typeof(JsonElement?) || (info.Type == typeof(string) && value.ValueKind == JsonValueKind.String))
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Null && !JsonWords.TakesNull(info.Type))
        {
            Add(path, $"This is null, but {JsonWords.Of(info)} is expected.");
            return;
        }

        try
        {
            _ = value.Deserialize(info);
        }
        catch (JsonException exception)
        {
            var message = JsonMessages.WithoutPosition(exception.Message);
            var ownWords = JsonMessages.SpeaksOfTypes(message) || (JsonWords.IsDuration(info.Type) && value.ValueKind != JsonValueKind.String);
            Add(path, ownWords ? $"This is {JsonWords.Of(value)}, but {JsonWords.Of(info)} is expected." : message);
        }
    }

    private Dictionary<string, JsonPropertyInfo> MembersOf(JsonTypeInfo info)
    {
        if (!members.TryGetValue(info.Type, out var known))
        {
            known = info.Properties.Where(p => !p.IsExtensionData && (p.Set is not null || p.AssociatedParameter is not null)).ToDictionary(p => p.Name, StringComparer.Ordinal);
            members.Add(info.Type, known);
        }

        return known;
    }

    private void Add(string path, string message) => errors.AddIf(true, path, message);

    private static bool RefusesUnknown(JsonTypeInfo info) =>
        (info.UnmappedMemberHandling ?? info.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow && !info.Properties.Any(p => p.IsExtensionData);

    private static bool IsRequired(JsonPropertyInfo member) => member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static string Child(string path, string name) => path == "$" ? name : $"{path}.{name}";
}
