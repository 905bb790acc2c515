using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Serialization;

/// <summary>
/// Keeps the defaults of init-only properties. Source-generated metadata sets every init-only property in one object initializer, those too
/// that are missing in the JSON, and so loses <c>{ get; init; } = 50</c> (dotnet/runtime issue 84484). For types that have such defaults,
/// and for no others, objects are made by their constructor and properties are set one by one.
/// </summary>
internal static class InitOnlyDefaults
{
    private static readonly MethodInfo TypedSetter = typeof(InitOnlyDefaults).GetMethod(nameof(Setter), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Changes a type's metadata where it has such defaults.</summary>
    /// <param name="info">The metadata.</param>
    public static void Keep(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.CreateObject is not null || info.Type.IsValueType || info.Type.GetConstructor(Type.EmptyTypes) is not { } constructor) return;
        var properties = info.Properties.Where(property => property.Set is not null).Select(property => (Json: property, Property: property.AttributeProvider as PropertyInfo)).ToList();
        var fresh = constructor.Invoke(null);
        if (!properties.Exists(it => it.Property is not null && HasDefault(it.Property, fresh))) return;

        info.CreateObject = () => constructor.Invoke(null);
        foreach (var (json, property) in properties)
        {
            if (property?.SetMethod is { } setter) json.Set = (Action<object, object?>)TypedSetter.MakeGenericMethod(info.Type, property.PropertyType).Invoke(null, [setter])!;
        }
    }

    private static bool HasDefault(PropertyInfo property, object fresh) =>
        property.GetValue(fresh) is { } value && !(property.PropertyType.IsValueType && value.Equals(Activator.CreateInstance(property.PropertyType)));

    private static Action<object, object?> Setter<TOwner, TValue>(MethodInfo setter)
    {
        var typed = setter.CreateDelegate<Action<TOwner, TValue?>>();
        return (owner, value) => typed((TOwner)owner, (TValue?)value);
    }
}
