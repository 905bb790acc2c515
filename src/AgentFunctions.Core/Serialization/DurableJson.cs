using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Core.Serialization;

/// <summary>How values cross history and HTTP: camelCase, strict on input, times as RFC 3339, durations as <c>hh:mm:ss.fff</c>.</summary>
public static class DurableJson
{
    /// <summary>Makes the options from source-generated contexts; the first that knows a type wins.</summary>
    /// <param name="resolvers">The contexts.</param>
    public static JsonSerializerOptions CreateOptions(params IJsonTypeInfoResolver[] resolvers)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DictionaryKeyPolicy = null,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            NumberHandling = JsonNumberHandling.Strict,
            MaxDepth = 64,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(resolvers).WithAddedModifier(OmittedMeansNull).WithAddedModifier(InitOnlyDefaults.Keep),
        };
        options.Converters.Add(new DurationConverter());
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A value as UTF-8 JSON.</summary>
    /// <typeparam name="T">Its declared type; a context must know it.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="options">The catalog's options.</param>
    public static byte[] Write<T>(T value, JsonSerializerOptions options) => JsonSerializer.SerializeToUtf8Bytes(value, Info<T>(options));

    /// <summary>A value as a JSON element.</summary>
    /// <typeparam name="T">Its declared type; a context must know it.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="options">The catalog's options.</param>
    public static JsonElement ToElement<T>(T value, JsonSerializerOptions options) => JsonSerializer.SerializeToElement(value, Info<T>(options));

    /// <summary>A value from UTF-8 JSON.</summary>
    /// <typeparam name="T">Its type; a context must know it.</typeparam>
    /// <param name="json">The JSON.</param>
    /// <param name="options">The catalog's options.</param>
    /// <exception cref="JsonException">The JSON does not fit.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, JsonSerializerOptions options) => JsonSerializer.Deserialize(json.Span, Info<T>(options))!;

    /// <summary>A value from a JSON element.</summary>
    /// <typeparam name="T">Its type; a context must know it.</typeparam>
    /// <param name="json">The JSON.</param>
    /// <param name="options">The catalog's options.</param>
    /// <exception cref="JsonException">The JSON does not fit.</exception>
    public static T Read<T>(JsonElement json, JsonSerializerOptions options) => json.Deserialize(Info<T>(options))!;

    /// <summary>A JSON element from UTF-8 JSON; it does not keep the buffer.</summary>
    /// <param name="json">The JSON.</param>
    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Nulls are not written, so what may be null must not be required when it is read back.</summary>
    private static void OmittedMeansNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired && (Nullable.GetUnderlyingType(property.PropertyType) is not null || (property.AssociatedParameter?.IsNullable ?? property.IsSetNullable)))
            {
                property.IsRequired = false;
            }
        }
    }

    private static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
