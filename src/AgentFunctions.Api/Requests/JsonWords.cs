using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Api.Requests;

/// <summary>What values and types are called in messages to people who know JSON and not our types.</summary>
internal static class JsonWords
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the string \"{Shown.Of(value.GetString()!)}\"",
        JsonValueKind.Number => $"the number {Shown.Of(value.GetRawText())}",
        JsonValueKind.True or JsonValueKind.False => $"the boolean {value.GetRawText()}",
        _ => "null",
    };

    public static string Of(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "an array",
            _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type).Select(name => $"\"{name}\""))}",
            _ when IsDuration(type) => "a duration hh:mm:ss or hh:mm:ss.fff such as \"00:00:05\"",
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => "an RFC 3339 time such as \"2026-01-31T12:00:00Z\"",
            _ => Scalar(type),
        };
    }

    /// <summary>Whether null is a value of this type. References are not: which of them may be null is known of properties only.</summary>
    public static bool TakesNull(Type type) => Nullable.GetUnderlyingType(type) is not null || type == typeof(JsonElement) || type == typeof(object);

    public static bool IsDuration(Type type) => type == typeof(TimeSpan) || type == typeof(TimeSpan?);

    private static string Scalar(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => "a string",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => "a whole number from -2147483648 to 2147483647",
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64 => "a whole number",
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
        _ when type == typeof(Guid) => "a UUID",
        _ when type == typeof(Uri) => "a URI",
        _ => "another kind of value",
    };
}
