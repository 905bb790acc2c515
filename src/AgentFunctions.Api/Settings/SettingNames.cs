using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace AgentFunctions.Api.Settings;

/// <summary>Compares the names in a section with those of its options. The binder can refuse unknown ones too, but does not say where they stand and what there is instead.</summary>
internal static class SettingNames
{
    /// <summary>A sentence for each name that is no setting.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">What is bound to it.</param>
    /// <param name="besides">What else may be in it.</param>
    public static IEnumerable<string> Unknown(IConfigurationSection section, Type options, IReadOnlyList<string> besides)
    {
        if (Elements(options) is { } element) return section.GetChildren().SelectMany(child => Unknown(child, element, []));
        var known = Settings(options);
        return section.GetChildren().Where(child => !besides.Contains(child.Key, StringComparer.OrdinalIgnoreCase)).SelectMany(child =>
            known.TryGetValue(child.Key, out var type) ? Unknown(child, type, [])
            : known.Count == 0 ? [$"{child.Path} is not a setting: {section.Path} is one value. Unset it."]
            : [$"{child.Path} is not a setting. Those of {section.Path} are: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}. Correct the name, or unset it."]);
    }

    private static Dictionary<string, Type> Settings(Type options) => options.Namespace?.StartsWith("System", StringComparison.Ordinal) == true || options.IsEnum || Nullable.GetUnderlyingType(options) is not null
        ? []
        : options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true || Elements(property.PropertyType) is not null)
            .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a list or dictionary holds; null for what is neither.</summary>
    private static Type? Elements(Type type)
    {
        if (type == typeof(string) || !type.IsAssignableTo(typeof(IEnumerable))) return null;
        var generics = type.GetInterfaces().Append(type).Where(face => face.IsGenericType).ToList();
        return generics.Find(face => face.GetGenericTypeDefinition() == typeof(IDictionary<,>) || face.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))?.GetGenericArguments()[1]
            ?? generics.Find(face => face.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
    }
}
